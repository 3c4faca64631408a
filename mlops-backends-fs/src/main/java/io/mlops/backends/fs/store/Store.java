package io.mlops.backends.fs.store;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.Failures;
import io.mlops.core.disk.Owners;
import io.mlops.core.disk.Staging;
import io.mlops.core.disk.StoreLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An opened store: the objects that its parts share, and the frame in which each operation runs. Thread-safe. */
public final class Store {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    /**
     * A time after which unfinished files of a process on another machine count as left behind; nothing takes so long.
     */
    private static final Duration FOREIGN_LIFE = Duration.ofDays(7);

    private static final int MAX_ANCHORED = 10_000;

    private final Layout layout;
    private final Disk disk;
    private final Owners owners;
    private final Staging staging;
    private final Documents documents;
    private final Links links;
    private final StoreLock lock;
    private final DamageLog damage = new DamageLog();
    /** Files and folders that {@link #anchor} has made durable; a concurrent map used as a set. */
    private final Map<Path, Boolean> anchored = new ConcurrentHashMap<>();

    /** What {@code store.json} says of this version of the library; null until it is there. Any thread may set it. */
    private volatile @Nullable Access access;
    /** Whether the names of the store and of its first file are durable. Any thread may set it. */
    private volatile boolean rootIsDurable;
    /** Set once, by {@link #close}; read by any thread. */
    private volatile boolean closed;

    private enum Access {
        READ,
        WRITE
    }

    private Store(Path root, Disk disk) {
        this.layout = new Layout(root);
        this.disk = disk;
        this.owners = new Owners("the store " + root, layout.live(), layout.staging(), FOREIGN_LIFE, disk);
        this.staging = new Staging(disk, owners);
        this.links = new Links(root);
        this.documents = new Documents(disk, staging, links, damage);
        this.lock = new StoreLock(layout.lock(), owners.self(), LOCK_PATIENCE);
    }

    /**
     * Opens a store. In a new or empty folder there is none yet, and the first write makes it.
     *
     * @throws NotFoundException if the folder above is missing
     * @throws ConflictException if something else is there
     */
    public static Store open(Path given, Disk disk) {
        Path root = given.toAbsolutePath().normalize();
        try {
            Store store = new Store(root, disk);
            if (!isNew(root, disk)) {
                Volumes.check(store.layout);
                // What lies in the store is made durable by whoever adds to it.
                store.makeDurable(store.above());
                boolean unused = store.look();
            }
            NetworkDisks.warn(root);
            return store;
        } catch (IOException e) {
            throw Failures.of("open store " + root, root, e);
        }
    }

    /** Returns whether the store is to be made, and refuses a path where it cannot be, before anything is changed. */
    private static boolean isNew(Path root, Disk disk) throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new ConflictException(root + " is a file, and a store is a folder: choose another path");
        }
        if (!Files.exists(root)) {
            Path parent = root.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new NotFoundException("no folder " + parent + " to make the store " + root.getFileName()
                        + " in: make it first, or correct the path");
            }
            return true;
        }
        List<String> names = disk.names(root);
        if (names.contains("store.json")) {
            return false;
        }
        List<String> foreign = names.stream()
                .filter(name -> !List.of(".live", ".staging", "lost+found").contains(name))
                .sorted()
                .toList();
        if (!foreign.isEmpty()) {
            throw new ConflictException(root + " holds no store.json but " + foreign.get(0)
                    + (foreign.size() == 1 ? "" : " and " + (foreign.size() - 1) + " more")
                    + ": choose a new or empty folder for the store");
        }
        return true;
    }

    /** Returns whether the store is there: opening makes none. */
    public boolean exists() {
        checkOpen("look for it");
        try {
            return look();
        } catch (IOException e) {
            throw Failures.ofRead("look for the store " + layout.root(), layout.root(), e);
        }
    }

    /** Looks whether the store is there, until it is. */
    private boolean look() throws IOException {
        if (access != null) {
            return true;
        }
        Json json = documents.find(layout.storeJson());
        if (json != null) {
            access = Format.writable(json) ? Access.WRITE : Access.READ;
        }
        return json != null;
    }

    private void create() throws IOException {
        Path root = layout.root();
        if (!isNew(root, disk)) {
            // Another process was faster.
            return;
        }
        Json json = Format.stamp(Json.object())
                .put("id", UUID.randomUUID().toString())
                .put("created", Instant.now());
        disk.makeFolder(root);
        boolean unused = documents.claimLater(layout.storeJson(), json);
    }

    /** Makes the names in folders durable: the process that made them may have died before it did. */
    private void makeDurable(List<Path> folders) throws IOException {
        try {
            for (Path folder : folders) {
                disk.syncFolder(folder);
            }
        } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
            // A process that may not look at a folder cannot sync it, and made nothing in it either.
            rootIsDurable = true;
            return;
        } catch (IOException e) {
            if (Files.isWritable(layout.root())) {
                throw e;
            }
        }
        rootIsDurable = true;
    }

    /** Returns the folder of the store's name, unless the store is a whole disk. */
    private List<Path> above() {
        Path parent = layout.root().getParent();
        return parent == null ? List.of() : List.of(parent);
    }

    public Layout layout() {
        return layout;
    }

    public Disk disk() {
        return disk;
    }

    public Owners owners() {
        return owners;
    }

    public Staging staging() {
        return staging;
    }

    public Documents documents() {
        return documents;
    }

    public Links links() {
        return links;
    }

    public StoreLock lock() {
        return lock;
    }

    public DamageLog damage() {
        return damage;
    }

    /**
     * Makes the names that lead to a file or folder durable by syncing each folder above it, once per process: the
     * process that made it may have died before it did so.
     *
     * @param made whether it was just made, so that a sync of before does not count: somebody may have deleted it by hand
     */
    public void anchor(Path inStore, boolean made) throws IOException {
        if (!made && anchored.containsKey(inStore)) {
            return;
        }
        for (Path above = inStore.getParent();
                above != null && above.startsWith(layout.root());
                above = above.getParent()) {
            disk.syncFolder(above);
        }
        if (anchored.size() > MAX_ANCHORED) {
            anchored.clear();
        }
        anchored.put(inStore, true);
    }

    /** Runs a step that reads; turns a failure into an exception that names the operation. */
    public <T extends @Nullable Object> T read(String what, Path where, Disk.Step<T> step) {
        checkOpen(what);
        try {
            // One that another process made since must be of a format that can be read.
            boolean unused = look();
            return step.run();
        } catch (CorruptDataException e) {
            damage.thrown(e);
            throw e;
        } catch (IOException e) {
            throw Failures.ofRead(what, where, e);
        } catch (UncheckedIOException e) {
            throw Failures.ofRead(what, where, new IOException(e.getCause()));
        } catch (InvalidPathException e) {
            throw noPath(what, where, e);
        } finally {
            damage.tellChanged();
        }
    }

    /** Returns whether this version of the library may change the store. */
    public boolean writable() {
        return access == Access.WRITE;
    }

    /**
     * Runs a step that makes something, and first the store if it is not there; turns a failure into an exception that
     * names the operation.
     */
    public <T extends @Nullable Object> T make(String what, Path where, Disk.Step<T> step) {
        checkOpen(what);
        try {
            if (!look()) {
                create();
            }
            if (!look()) {
                throw new IOException(layout.storeJson() + " was removed just after it was made");
            }
        } catch (IOException e) {
            throw Failures.of(what, where, e);
        }
        return write(what, where, step);
    }

    /**
     * Runs a step that changes what is in the store; turns a failure into an exception that names the operation.
     *
     * @throws NotFoundException if the store is not there, so that there is nothing to change
     */
    public <T extends @Nullable Object> T write(String what, Path where, Disk.Step<T> step) {
        checkOpen(what);
        try {
            if (!look()) {
                throw new NotFoundException("cannot " + what + ": there is no store " + layout.address() + " yet");
            }
            if (access == Access.READ) {
                throw new RefusedException(
                        "cannot " + what + ": " + layout.root() + " was written by a newer version of mlops,"
                                + " and this one may only read it: upgrade it",
                        null);
            }
            if (!rootIsDurable) {
                List<Path> both = new ArrayList<>(List.of(layout.root()));
                both.addAll(above());
                makeDurable(both);
            }
            return step.run();
        } catch (CorruptDataException e) {
            damage.thrown(e);
            throw e;
        } catch (IOException e) {
            throw Failures.of(what, where, e);
        } catch (UncheckedIOException e) {
            throw Failures.of(what, where, new IOException(e.getCause()));
        } catch (InvalidPathException e) {
            throw noPath(what, where, e);
        } finally {
            damage.tellChanged();
        }
    }

    private static CorruptDataException noPath(String what, Path where, InvalidPathException e) {
        return new CorruptDataException(
                "cannot " + what + ": a file in " + where + " names something that is no path here: " + e.getReason(),
                e);
    }

    /** Runs a step that changes the store and returns nothing. */
    public void change(String what, Path where, Disk.Action action) {
        boolean unused = write(what, where, () -> {
            action.run();
            return true;
        });
    }

    public void checkOpen(String what) {
        if (closed) {
            throw new IllegalStateException("the store " + layout.root() + " is closed: cannot " + what);
        }
    }

    public void close() {
        closed = true;
        owners.close();
    }
}
