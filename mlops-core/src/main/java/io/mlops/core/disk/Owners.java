package io.mlops.core.disk;

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
 * kernel takes away with it. Made with the first write, so that a reader leaves no trace. What an owner has not finished
 * lies in a folder of its name, which others remove when it is dead. Thread-safe.
 */
public final class Owners {
    /** A process that died before its file had a name leaves it for so long. */
    private static final Duration NAMED_WITHIN = Duration.ofDays(7);

    private static final String SUFFIX = ".lock";
    /** Of a file that is not locked yet. */
    private static final String UNNAMED = ".new";

    private static final Logger LOG = LoggerFactory.getLogger(Owners.class);

    /** Another thread of this JVM needs some microseconds to look. */
    private static final long LOOK_NANOS = 50_000;

    private static final int MAX_LOOKS = 10_000;
    private static final int MAX_REMEMBERED = 10_000;

    private final String place;
    private final Path live;
    private final Path belongings;
    private final @Nullable Duration foreignLife;
    private final Disk disk;
    private final Owner self = Owner.here();
    private final ReentrantLock lock = new ReentrantLock();
    /** Nobody comes to life again: each owner is a new one. */
    private final Set<Owner> dead = ConcurrentHashMap.newKeySet();

    /** Holds the lock that shows this owner as alive; guarded by the lock. */
    private @Nullable FileChannel alive;

    /** Guarded by the lock. */
    private boolean closed;

    /**
     * A new owner among those of a place.
     *
     * @param place what messages call it, such as "the store /data"
     * @param live the folder of the locked files, made with the first
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

    /** This owner, whether it has written yet or not. */
    public Owner self() {
        return self;
    }

    /** The folder of what this owner has not finished; the caller makes it, once this owner is shown as alive. */
    public Path own() {
        return belongings.resolve(self.toString());
    }

    /** Shows this process as alive, from the first call on. Returns true that first time. */
    public boolean show() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException(place + " is closed");
            }
            if (alive != null) {
                return false;
            }
            disk.makeFolder(live);
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
        return channel;
    }

    /**
     * Whether the owner's process lives. Those of this JVM do: to look would drop their locks, since closing any channel
     * of a file drops all locks that the process has on it.
     */
    public boolean lives(Owner owner) {
        if (owner.host().jvm().equals(self.host().jvm())) {
            return true;
        }
        if (!owner.host().boot().equals(self.host().boot())) {
            // Hosts may share a name; a boot that is over holds no lock, and one on another machine does, as far as a
            // disk
            // that machines share has locks.
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

    private static boolean isYoung(Path file, Duration life) {
        try {
            Instant touched = Files.getLastModifiedTime(file).toInstant();
            return touched.isAfter(Instant.now().minus(life));
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes what dead processes left: their folders and the files that showed them as alive. Never throws. */
    public void buryTheDead() {
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
                // Its process may not have come to lock it yet, but not for so long.
                disk.delete(live.resolve(name));
            }
        });
    }

    @FunctionalInterface
    private interface Burial {
        void of(String name) throws IOException;
    }

    /** What one cannot remove, such as another user's, keeps nobody from removing the rest. */
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

    /** Shows this process as gone; what it staged is removed. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            FileChannel channel = alive;
            if (channel == null) {
                return;
            }
            alive = null;
            if (Files.exists(own())) {
                disk.deleteTree(own());
            }
            disk.delete(file(self));
            channel.close();
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
