package io.mlops.core.disk;

import io.mlops.api.common.BackendUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock for short sections that exclude other processes. Each name locks a byte of its own in a file, so that two runs
 * do not wait for each other. POSIX drops a process's locks on a file when it closes <em>any</em> channel of it: so one
 * thread of a JVM, whatever its class loader, uses the file at a time, by a mutex that is a system property.
 * Thread-safe, not reentrant.
 */
public final class StoreLock {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLock.class);
    private static final String MUTEX_PREFIX = "io.mlops.lock:";
    /**
     * Number of slots in which holders of locks write who they are, for the message of a process that waits too long.
     */
    private static final int SLOTS = 16;

    private static final int SLOT_BYTES = 256;
    /** Offset of the first byte that is locked, beyond what is ever written. */
    private static final long FIRST_RANGE = 1L << 30;

    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    private final Path file;
    private final Owner owner;
    private final Duration patience;
    private final TurnLock local = new TurnLock();

    /**
     * Makes a lock in a file, which is made with the first section; nothing else may open it.
     *
     * @param owner the holder, as named to a process that waits too long
     * @param patience the time to wait for a lock before giving up
     */
    public StoreLock(Path file, Owner owner, Duration patience) {
        this.file = file;
        this.owner = owner;
        this.patience = patience;
    }

    /**
     * Runs a section while no other thread or process runs one for the same name; blocks until it may begin.
     *
     * @throws BackendUnavailableException if another holds the lock for too long, naming it
     */
    public <T extends @Nullable Object> T in(String name, Disk.Step<T> section) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean interrupted = Thread.interrupted();
        try {
            if (!local.tryLock(deadline)) {
                throw tooLong(name, "another thread of this process");
            }
            try {
                return exclusively(name, deadline, section);
            } finally {
                local.unlock();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs a section that returns nothing, as the other method does. */
    public void in(String name, Disk.Action section) throws IOException {
        boolean unused = in(name, () -> {
            section.run();
            return true;
        });
    }

    private <T extends @Nullable Object> T exclusively(String name, long deadline, Disk.Step<T> section)
            throws IOException {
        String mutex = MUTEX_PREFIX + identity(Disk.folderOf(file));
        awaitMutex(mutex, name, deadline);
        // An interrupt in the midst of this closes the channel, which drops the lock: it is taken again.
        try {
            FileChannel held = Disk.steadily(() -> lockedChannel(name, deadline));
            try {
                return section.run();
            } finally {
                held.close();
            }
        } finally {
            System.getProperties().remove(mutex, owner.toString());
        }
    }

    private void awaitMutex(String mutex, String name, long deadline) {
        long pause = FIRST_PAUSE_NANOS;
        Object holder = System.getProperties().putIfAbsent(mutex, owner.toString());
        while (holder != null) {
            if (System.nanoTime() - deadline > 0) {
                throw tooLong(name, "this JVM as " + holder);
            }
            pause = pause(pause);
            holder = System.getProperties().putIfAbsent(mutex, owner.toString());
        }
    }

    private FileChannel lockedChannel(String name, long deadline) throws IOException {
        long range = FIRST_RANGE + Integer.toUnsignedLong(name.hashCode());
        long slot = Integer.toUnsignedLong(name.hashCode()) % SLOTS * SLOT_BYTES;
        FileType.checkWritableFile(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            long pause = FIRST_PAUSE_NANOS;
            while (!tryLock(channel, range)) {
                if (System.nanoTime() - deadline > 0) {
                    throw tooLong(name, readHolder(channel, slot));
                }
                pause = pause(pause);
            }
            writeHolder(channel, slot, name);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel, long range) throws IOException {
        try {
            return channel.tryLock(range, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            // Foreign code in this JVM locked the file past our mutex.
            return false;
        }
    }

    /** Writes who holds the lock, for messages only: if a full disk takes no note, the section runs all the same. */
    private void writeHolder(FileChannel channel, long slot, String name) throws IOException {
        String text =
                "pid " + ProcessHandle.current().pid() + " on " + owner.host().name() + " (" + owner + ") for " + name;
        byte[] line = new byte[SLOT_BYTES];
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, line, 0, Math.min(bytes.length, SLOT_BYTES));
        try {
            channel.write(ByteBuffer.wrap(line), slot);
        } catch (ClosedChannelException interrupted) {
            throw interrupted;
        } catch (IOException e) {
            LOG.debug("{} does not say who holds the lock of {}", file, name, e);
        }
    }

    private static String readHolder(FileChannel channel, long slot) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(SLOT_BYTES);
        channel.read(line, slot);
        String text = new String(line.array(), StandardCharsets.UTF_8).trim();
        return text.isEmpty() ? "another process" : text;
    }

    private BackendUnavailableException tooLong(String name, String holder) {
        return new BackendUnavailableException(
                "waited " + patience + " for the lock of " + name + " in " + file + ", which is held by " + holder
                        + ": end that process if it hangs",
                false,
                null);
    }

    private static long pause(long nanos) {
        // With the interrupt flag set, parking would return at once.
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(nanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return Math.min(LONGEST_PAUSE_NANOS, nanos * 2);
    }

    /** Returns the identity of a folder, the same for every path that leads to it. */
    static String identity(Path folder) throws IOException {
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        return key == null ? folder.toRealPath().toString() : key.toString();
    }
}
