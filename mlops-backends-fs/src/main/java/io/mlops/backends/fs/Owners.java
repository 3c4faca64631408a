package io.mlops.backends.fs;

import io.mlops.api.common.MlopsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which processes live: each that writes holds a lock on a file of its own for as long as it lives, which the
 * kernel takes away with it. Made with the first write, so that a reader leaves no trace. Thread-safe.
 */
final class Owners {
    /** Whom nobody can ask, such as another machine's process, is taken for dead when its file is this old. */
    private static final Duration FOREIGN_LIFE = Duration.ofDays(7);

    private static final String SUFFIX = ".lock";
    /** Of a file that is not locked yet. */
    private static final String UNNAMED = ".new";

    private static final Logger LOG = LoggerFactory.getLogger(Owners.class);

    /** Another thread of this JVM needs some microseconds to look. */
    private static final long LOOK_NANOS = 50_000;

    private static final int MAX_LOOKS = 10_000;
    private static final int MAX_REMEMBERED = 10_000;

    private final Layout layout;
    private final Disk disk;
    private final Owner self = Owner.here();
    private final ReentrantLock lock = new ReentrantLock();
    /** Nobody comes to life again: each owner is a new one. */
    private final Set<Owner> dead = ConcurrentHashMap.newKeySet();

    private @Nullable FileChannel alive;
    private boolean closed;

    Owners(Layout layout, Disk disk) {
        this.layout = layout;
        this.disk = disk;
    }

    /** This opened store, whether it has written yet or not. */
    Owner self() {
        return self;
    }

    /** Shows this process as alive, from the first call on. Returns true that first time. */
    boolean show() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the store " + layout.root() + " is closed");
            }
            if (alive != null) {
                return false;
            }
            disk.makeFolder(layout.live());
            // Locked before it has its name: nobody ever sees the file of a living process unlocked.
            Path unnamed = layout.live().resolve(self + UNNAMED);
            FileChannel channel = Disk.steadily(() -> lockedFile(unnamed));
            try {
                disk.replace(unnamed, file(self));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            alive = channel;
            return true;
        } catch (IOException e) {
            throw Failures.of("write to the store", layout.live(), e);
        } finally {
            lock.unlock();
        }
    }

    private static FileChannel lockedFile(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock();
        if (held == null) {
            channel.close();
            throw new IOException("somebody else locked " + file);
        }
        return channel;
    }

    /**
     * Whether the owner's process lives. Those of this JVM do: to look would drop their locks, since closing any channel
     * of a file drops all locks that the process has on it.
     */
    boolean lives(Owner owner) {
        if (owner.host().jvm().equals(self.host().jvm())) {
            return true;
        }
        if (!owner.host().boot().equals(self.host().boot())) {
            return !owner.host().name().equals(self.host().name()) && isYoung(file(owner));
        }
        if (dead.contains(owner)) {
            return false;
        }
        boolean lives = isLocked(file(owner));
        if (!lives && dead.size() < MAX_REMEMBERED) {
            dead.add(owner);
        }
        return lives;
    }

    /** With a shared lock, so that others who look at the same time do not take each other for the owner. */
    private static boolean isLocked(Path file) {
        for (int attempt = 0; attempt < MAX_LOOKS; attempt++) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                    FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
                return free == null;
            } catch (OverlappingFileLockException anotherThreadLooks) {
                LockSupport.parkNanos(LOOK_NANOS);
            } catch (NoSuchFileException e) {
                return false;
            } catch (IOException e) {
                LOG.debug("whether the owner of {} lives cannot be told, so it does", file, e);
                return true;
            }
        }
        return true;
    }

    private static boolean isYoung(Path file) {
        try {
            Instant touched = Files.getLastModifiedTime(file).toInstant();
            return touched.isAfter(Instant.now().minus(FOREIGN_LIFE));
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes what dead processes left: their staging folders and liveness files. Never throws. */
    void buryTheDead() {
        try {
            for (String name : disk.names(layout.staging())) {
                Owner owner = Owner.parse(name);
                if (owner != null && !lives(owner)) {
                    disk.deleteTree(layout.staging().resolve(name));
                    LOG.debug("removed what {} left unfinished", owner);
                }
            }
            for (String name : disk.names(layout.live())) {
                Owner owner =
                        name.endsWith(SUFFIX) ? Owner.parse(name.substring(0, name.length() - SUFFIX.length())) : null;
                if (owner != null && !lives(owner)) {
                    disk.delete(file(owner));
                } else if (name.endsWith(UNNAMED) && !isYoung(layout.live().resolve(name))) {
                    // Its process may not have come to lock it yet, but not for so long.
                    disk.delete(layout.live().resolve(name));
                }
            }
        } catch (IOException | MlopsException e) {
            LOG.debug("leftovers stay for the next one to open the store", e);
        }
    }

    /** Shows this process as gone; what it staged is removed. */
    void close() {
        lock.lock();
        try {
            closed = true;
            FileChannel channel = alive;
            if (channel == null) {
                return;
            }
            alive = null;
            Path staged = layout.staging().resolve(self.toString());
            if (Files.exists(staged)) {
                disk.deleteTree(staged);
            }
            disk.delete(file(self));
            channel.close();
        } catch (IOException e) {
            LOG.debug("leftovers stay for the next one to open the store", e);
        } finally {
            lock.unlock();
        }
    }

    private Path file(Owner owner) {
        return layout.live().resolve(owner + SUFFIX);
    }
}
