package io.mlops.core.disk;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
 * The owners of unfinished files in one place, and which of them live. Each process that writes holds a lock on a file
 * of its own, which the kernel frees when the process dies; the file is made with the first write, so that a reader
 * leaves no trace. Unfinished files lie in a folder of their owner, which others delete once the owner is dead.
 * Thread-safe.
 */
public final class Owners {
    /** A time after which a file that never got its final name is deleted: its process died in between. */
    private static final Duration NAMED_WITHIN = Duration.ofDays(7);

    private static final String SUFFIX = ".lock";
    /** The ending of a file that its process may not have locked yet. */
    private static final String UNNAMED = ".new";

    private static final Logger LOG = LoggerFactory.getLogger(Owners.class);

    /** The pause before the next try while another thread of this JVM tests the same lock, which takes microseconds. */
    private static final long LOOK_NANOS = 50_000;

    private static final int MAX_LOOKS = 10_000;
    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_PID_DIGITS = 20;

    private final String place;
    private final Path live;
    private final Path belongings;
    private final @Nullable Duration foreignLife;
    private final Disk disk;
    private final Owner self = Owner.here();
    private final ReentrantLock lock = new ReentrantLock();
    /**
     * Owners that were found dead; none comes to life again, since each opening makes a new owner. A concurrent set.
     */
    private final Set<Owner> dead = ConcurrentHashMap.newKeySet();

    /**
     * The open file whose file lock shows this owner as alive, null before the first write; guarded by {@link #lock}.
     */
    private @Nullable FileChannel alive;

    /** Set by {@link #close}; guarded by {@link #lock}. */
    private boolean closed;

    /**
     * Makes a new owner among those of a place; nothing is written yet.
     *
     * @param place what messages call it, such as "the store /data"
     * @param live the folder of the locked files, made when the first owner writes
     * @param belongings the folder in which each owner may have one of its own
     * @param foreignLife how long after it showed itself a process of another machine, which nobody can ask, is taken for
     *     alive; null for ever
     */
    public Owners(String place, Path live, Path belongings, @Nullable Duration foreignLife, Disk disk) {
        this.place = place;
        this.live = live;
        this.belongings = belongings;
        this.foreignLife = foreignLife;
        this.disk = disk;
    }

    /** Returns this owner, whether it has written yet or not. */
    public Owner self() {
        return self;
    }

    /** Returns the folder for this owner's unfinished files. The caller makes it, after {@link #showAlive}. */
    public Path ownFolder() {
        return belongings.resolve(self.toString());
    }

    /** Shows this owner as alive, from the first call until {@link #close}; returns whether this was the first call. */
    public boolean showAlive() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException(place + " is closed");
            }
            if (alive != null) {
                return false;
            }
            disk.makeFolder(live);
            FileType.checkWritableFolder(live);
            // Locked before it has its name: nobody ever sees the file of a living process unlocked.
            Path unnamed = live.resolve(self + UNNAMED);
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
            throw Failures.of("write to " + place, live, e);
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
        try {
            int unused = channel.write(StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
        } catch (IOException e) {
            // A full disk must keep nobody from reading and ending what is there.
            LOG.debug("the number of the process is not in {}", file, e);
        }
        return channel;
    }

    /** Returns an owner's process as people find it, such as {@code process 4711 on node7}. */
    public String describe(Owner owner) {
        return process(owner) + " on " + owner.host().name();
    }

    private String process(Owner owner) {
        if (owner.host().jvm().equals(self.host().jvm())) {
            return "process " + ProcessHandle.current().pid();
        }
        Path file = file(owner);
        try {
            if (FileType.readable(file, LinkOption.NOFOLLOW_LINKS).size() > MAX_PID_DIGITS) {
                return "a process";
            }
            String pid = Files.readString(file, StandardCharsets.US_ASCII);
            return pid.matches("[0-9]+") ? "process " + pid : "a process";
        } catch (IOException | CorruptDataException lockedOrGone) {
            return "a process";
        }
    }

    /**
     * Returns whether an owner's process lives; for another machine, whether it may. Owners of this JVM do: a look at
     * their files would drop their locks, since closing any channel of a file drops all locks that the process has on
     * it.
     */
    public boolean lives(Owner owner) {
        if (owner.host().jvm().equals(self.host().jvm())) {
            return true;
        }
        if (!owner.host().boot().equals(self.host().boot())) {
            // Two hosts may have one name. A boot that is over holds no lock; a process on another machine does, if the
            // disk that both share has locks.
            return owner.host().name().equals(self.host().name())
                    ? isLocked(file(owner))
                    : foreignLife == null || isYoung(file(owner), foreignLife);
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

    /**
     * Returns whether an owner holds its file's lock. The test takes a shared lock, so that two processes that test at
     * the same time do not take each other for the owner; it parks while another thread of this JVM tests.
     */
    private static boolean isLocked(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            // What an owner locks is a file; a pipe in its place would never let go of us.
            return false;
        }
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

    private static boolean isYoung(Path file, Duration life) {
        try {
            Instant touched = Files.getLastModifiedTime(file).toInstant();
            return touched.isAfter(Instant.now().minus(life));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Deletes the folders of dead owners and the files that showed them as alive. Never throws: what cannot be deleted
     * stays.
     */
    public void deleteLeftovers() {
        forEachIn(belongings, name -> {
            Owner owner = Owner.parse(name);
            if (owner != null && !lives(owner)) {
                disk.deleteTree(belongings.resolve(name));
                LOG.debug("removed what {} left unfinished", owner);
            }
        });
        forEachIn(live, name -> {
            Owner owner =
                    name.endsWith(SUFFIX) ? Owner.parse(name.substring(0, name.length() - SUFFIX.length())) : null;
            if (owner != null && !lives(owner)) {
                disk.delete(file(owner));
            } else if (name.endsWith(UNNAMED) && !isYoung(live.resolve(name), NAMED_WITHIN)) {
                // Its process may be about to lock it, but not for so long.
                disk.delete(live.resolve(name));
            }
        });
    }

    @FunctionalInterface
    private interface Burial {
        void of(String name) throws IOException;
    }

    /**
     * Applies a burial to each name in a folder. One that fails, such as for another user's files, does not stop the
     * rest.
     */
    private void forEachIn(Path folder, Burial burial) {
        try {
            for (String name : disk.names(folder)) {
                try {
                    burial.of(name);
                } catch (IOException | MlopsException e) {
                    LOG.debug("{} stays for the next one to open {}", folder.resolve(name), place, e);
                }
            }
        } catch (IOException e) {
            LOG.debug("leftovers stay for the next one to open {}", place, e);
        }
    }

    /** Deletes this owner's unfinished files and shows it as gone. Never throws; a second call does nothing. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            FileChannel channel = alive;
            if (channel == null) {
                return;
            }
            alive = null;
            // Whatever cannot be deleted stays for others, who see then that this owner is dead.
            try (channel) {
                if (Files.exists(ownFolder())) {
                    disk.deleteTree(ownFolder());
                }
                disk.delete(file(self));
            }
        } catch (IOException e) {
            LOG.debug("leftovers stay for the next one to open {}", place, e);
        } finally {
            lock.unlock();
        }
    }

    private Path file(Owner owner) {
        return live.resolve(owner + SUFFIX);
    }
}
