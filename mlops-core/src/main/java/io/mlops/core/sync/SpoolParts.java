package io.mlops.core.sync;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FolderLock;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a spool, numbered folders with a lock and a store each. A process records into the first that nobody has, and
 * takes in what dead ones left in others: so no two processes ever bring one run. Thread-safe.
 */
public final class SpoolParts {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolParts.class);

    private static final String LOCK = "forward.lock";
    private static final String STORE = "store";
    /** What a store is called while it is being removed. */
    private static final String GONE = "gone";

    private static final int MOST = 10_000;

    private final Path folder;
    private final Function<Path, Backend> opener;
    private final Disk disk = new Disk();
    /** Parts with something that cannot be taken over, which stay as they are while this process runs; thread-safe. */
    private final Set<Path> leftAlone = ConcurrentHashMap.newKeySet();
    /** The runs and parts of which it was told that they stay; thread-safe. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * The parts in a folder, which is there.
     *
     * @param opener opens the store in a folder, or the one that is to be made there
     */
    public SpoolParts(Path folder, Function<Path, Backend> opener) {
        this.folder = folder;
        this.opener = opener;
    }

    /** A part that this process has until it is closed, and its store. */
    public record Part(Path path, FolderLock lock, Backend store) {
        /** Closes the store, and frees the part for others. */
        public void close() throws IOException {
            try {
                store.close();
            } finally {
                lock.close();
            }
        }
    }

    /** Takes the first part that nobody has. */
    public Part claim() throws IOException {
        for (int number = 1; number < MOST; number++) {
            Path path = folder.resolve(Integer.toString(number));
            disk.makeFolder(path);
            boolean isNew = !Files.exists(path.resolve(STORE));
            FolderLock lock = FolderLock.tryLock(path.resolve(LOCK));
            if (lock != null) {
                try {
                    return open(path, lock);
                } catch (MlopsException e) {
                    if (isNew) {
                        throw e;
                    }
                    LOG.warn("part {} of the spool cannot be opened, and what waits there stays there", path, e);
                }
            }
        }
        throw new IOException("all " + MOST + " parts of " + folder + " are in use");
    }

    private Part open(Path path, FolderLock lock) throws IOException {
        try {
            if (Files.isDirectory(path.resolve(GONE))) {
                disk.deleteTree(path.resolve(GONE));
            }
            return new Part(path, lock, opener.apply(path.resolve(STORE)));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Takes in the runs that nobody records any more in any other part, and tells of each. What cannot be taken stays where
     * it is, is warned of once, and holds up no other.
     *
     * @param stopped whether to leave the rest for later
     */
    void takeOver(Part own, Consumer<RunId> listener, BooleanSupplier stopped) throws IOException {
        TakeOver taking = new TakeOver(own.store(), listener, stopped, told);
        for (String name : disk.names(folder)) {
            Path path = folder.resolve(name);
            boolean isOther = !path.equals(own.path()) && !leftAlone.contains(path);
            if (isOther && !taking.isStopped() && Files.isDirectory(path.resolve(STORE))) {
                TakeOver.Outcome outcome;
                try {
                    outcome = takeOver(path, taking);
                } catch (IOException | MlopsException e) {
                    outcome = taking.failed(path.resolve(STORE), "a part of the spool cannot be taken over", e);
                }
                if (outcome == TakeOver.Outcome.STAYS) {
                    leftAlone.add(path);
                }
            }
        }
    }

    private TakeOver.Outcome takeOver(Path path, TakeOver taking) throws IOException {
        FolderLock lock = FolderLock.tryLock(path.resolve(LOCK));
        if (lock == null) {
            return TakeOver.Outcome.LATER;
        }
        Part left = open(path, lock);
        try {
            Path store = path.resolve(STORE);
            TakeOver.Outcome outcome = taking.takeAll(left.store(), store);
            if (outcome != TakeOver.Outcome.TAKEN) {
                return outcome;
            }
            left.store().close();
            if (StoreRemains.isRunLeft(store)) {
                taking.stays(
                        store,
                        "what cannot be read of a part of the spool is not taken over",
                        "repair it, and the next program takes it, or take it away");
                return TakeOver.Outcome.STAYS;
            }
            // While the lock is held, and at once: half a store would be none.
            Path gone = path.resolve(GONE);
            Files.move(store, gone);
            disk.deleteTree(gone);
            return outcome;
        } finally {
            left.close();
        }
    }

    /** The size of all parts. */
    long bytes() throws IOException {
        long[] sum = new long[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }
}
