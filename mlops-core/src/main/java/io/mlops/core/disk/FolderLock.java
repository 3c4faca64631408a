package io.mlops.core.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a folder that its holder keeps for as long as it works there; the kernel frees it when the process dies. One
 * object of a JVM, whatever its class loader, has the file open at a time, by a mutex that is a system property, since POSIX
 * drops a process's locks on a file when it closes <em>any</em> channel of it. Thread-safe.
 */
public final class FolderLock implements AutoCloseable {
    private static final String MUTEX_PREFIX = "io.mlops.folder-lock:";

    private final String mutex;
    private final String token;
    private final FileChannel channel;

    private FolderLock(String mutex, String token, FileChannel channel) {
        this.mutex = mutex;
        this.token = token;
        this.channel = channel;
    }

    /**
     * Takes the lock if nobody has it, and never waits.
     *
     * @param file the file that stands for the lock, in the folder; made if need be, and opened by nothing else
     * @return null if somebody has it
     */
    public static @Nullable FolderLock tryLock(Path file) throws IOException {
        String mutex = MUTEX_PREFIX + StoreLock.identity(Disk.folderOf(file));
        String token = Host.token();
        if (System.getProperties().putIfAbsent(mutex, token) != null) {
            return null;
        }
        Optional<FileChannel> channel = Optional.empty();
        try {
            channel = Disk.steadily(() -> lockedFile(file));
        } finally {
            if (channel.isEmpty()) {
                System.getProperties().remove(mutex, token);
            }
        }
        return channel.map(held -> new FolderLock(mutex, token, held)).orElse(null);
    }

    private static Optional<FileChannel> lockedFile(Path file) throws IOException {
        FileType.checkWritableFile(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
            if (held != null) {
                int unused = channel.write(StandardCharsets.US_ASCII.encode(
                        Long.toString(ProcessHandle.current().pid())));
            }
        } catch (OverlappingFileLockException foreignCode) {
            held = null;
        } finally {
            if (held == null) {
                channel.close();
            }
        }
        return held == null ? Optional.empty() : Optional.of(channel);
    }

    /** Gives the lock back; twice is harmless. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            System.getProperties().remove(mutex, token);
        }
    }
}
