package io.mlops.core.disk;

import io.mlops.api.common.CorruptDataException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every operation that changes files goes through here, so that a test can see their order and make them fail. An
 * interrupt would close a channel for good: it is put off until the operation is done. Thread-safe.
 */
public class Disk {
    private static final long MAX_DOCUMENT_BYTES = 256L << 20;

    /** An operation that can be begun again. */
    @FunctionalInterface
    public interface Step<T extends @Nullable Object> {
        /** Does it, maybe once more. */
        T run() throws IOException;
    }

    /** A step that gives nothing. */
    @FunctionalInterface
    public interface Action {
        /** Does it, maybe once more. */
        void run() throws IOException;
    }

    /** A local disk. */
    public Disk() {}

    /** The folder that something lies in. */
    public static Path folderOf(Path inFolder) {
        return Objects.requireNonNull(inFolder.getParent(), () -> inFolder + " lies in no folder");
    }

    /** Runs an action to its end; the thread's interrupt flag is as before when it returns. */
    public static void steadily(Action action) throws IOException {
        boolean unused = steadily(() -> {
            action.run();
            return true;
        });
    }

    /** Runs a step to its end; the thread's interrupt flag is as before when it returns. */
    public static <T extends @Nullable Object> T steadily(Step<T> step) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return step.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs a step on a file, whose name the system leaves out of some of its complaints. */
    public static <T extends @Nullable Object> T naming(Path file, Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (IOException e) {
            if (e.getClass() != IOException.class) {
                throw e;
            }
            FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            throw (FileSystemException) named.initCause(e);
        }
    }

    /** Makes a file of these bytes, replacing what an interrupted try left, and syncs it if asked to. */
    public void write(Path file, byte[] bytes, boolean durable) throws IOException {
        steadily(() -> {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                writeFully(channel, file, ByteBuffer.wrap(bytes));
                if (durable) {
                    sync(channel, file);
                }
            }
        });
    }

    /** What fills a file. */
    @FunctionalInterface
    public interface Filling {
        /** Writes all that the file is to hold. */
        void into(OutputStream file) throws IOException;
    }

    /** Makes a file that need not outlive a power cut, replacing what an interrupted try left. */
    public void write(Path file, Filling filling) throws IOException {
        steadily(() -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                filling.into(out);
            }
        });
    }

    /** Appends to a file that stays open; an interrupt that comes before it is put off, one in its midst closes it. */
    public void append(FileChannel channel, Path file, ByteBuffer bytes) throws IOException {
        once(() -> writeFully(channel, file, bytes));
    }

    /** Appends to a file, made if need be, in one write that no other one comes between; returns its new length. */
    public long append(Path file, byte[] bytes) throws IOException {
        long[] length = new long[1];
        once(() -> {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                writeFully(channel, file, ByteBuffer.wrap(bytes));
                length[0] = channel.size();
            }
        });
        return length[0];
    }

    /** Runs what must not be begun again; an interrupt that comes before it is put off. */
    private static void once(Action action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One call of the system may take less than all. */
    private static void writeFully(FileChannel channel, Path file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int unused = naming(file, () -> channel.write(bytes));
        }
    }

    /** Makes what was written to a file durable, though not the file's entry in its folder. */
    public void sync(FileChannel channel, Path file) throws IOException {
        once(() -> force(channel, file, false));
    }

    private static void force(FileChannel channel, Path file, boolean all) throws IOException {
        boolean unused = naming(file, () -> {
            channel.force(all);
            return true;
        });
    }

    /** Makes what another channel, maybe of another process, wrote to a file durable. */
    public void syncFile(Path file) throws IOException {
        steadily(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                sync(channel, file);
            }
        });
    }

    /** Makes the names in a folder durable. Windows cannot, and need not. */
    public void syncFolder(Path folder) throws IOException {
        if (folder.getFileSystem().getSeparator().equals("\\")) {
            return;
        }
        steadily(() -> {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                force(channel, folder, true);
            }
        });
    }

    /** Puts a file in the place of another, in one step. */
    public void replace(Path staged, Path target) throws IOException {
        Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives a staged file its name unless that is taken; the staged one stays. Returns whether it was free. */
    public boolean claimFile(Path staged, Path target) throws IOException {
        try {
            Files.createLink(target, staged);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    /** Gives a staged folder, which holds something, its name unless that is taken. Returns whether it was free. */
    public boolean claimFolder(Path staged, Path target) throws IOException {
        try {
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            // The reason is a translated text; whether the name is taken is a fact.
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            throw e;
        }
    }

    /** Makes a folder; returns whether it was not there. */
    public boolean makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException there) {
            return false;
        }
    }

    /** Makes a folder and what is missing above it, up to a root; notes in which folders names were made. */
    public void makeFolders(Path root, Path folder, Set<Path> changed) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (!folder.equals(root)) {
            makeFolders(root, folderOf(folder), changed);
            changed.add(folderOf(folder));
        }
        makeFolder(folder);
    }

    /** A new file to append to. */
    public FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Deletes a file or an empty folder, if it is there. */
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * Deletes a half-written file after a failure, since on a full disk it would keep the disk full. Never throws: a
     * failure of this is added to the other.
     */
    public void deleteAfter(Throwable failure, Path file) {
        try {
            delete(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * The names in a folder of very many, in no order; none if it is not there. Several times as fast as {@link #names}, but
     * the JDK does not notice when the system stops in the midst of a listing.
     */
    public List<String> manyNames(Path folder) throws IOException {
        String[] names = folder.getFileSystem().equals(FileSystems.getDefault())
                ? folder.toFile().list()
                : null;
        return names == null ? names(folder) : List.of(names);
    }

    /** The names in a folder, in no order; none if it is not there. */
    public List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** Reads a small file whole; what is no file, or far too long for what we write, is refused before it is opened. */
    public byte[] read(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile() || attributes.size() > MAX_DOCUMENT_BYTES) {
            throw new CorruptDataException(
                    file + (attributes.isRegularFile() ? " has " + attributes.size() + " bytes" : " is no file")
                            + " and cannot be read: put back what was there",
                    null);
        }
        return steadily(() -> naming(file, () -> Files.readAllBytes(file)));
    }

    /** So many bytes of a file from an offset on; fewer if it ends before. */
    public byte[] read(Path file, long offset, int length) throws IOException {
        return steadily(() -> {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
                    // One call of the system may give less than all.
                }
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        });
    }

    /** Deletes a folder with all it holds, links themselves and not what they lead to; others may do so at the same time. */
    public void deleteTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    // Another process removes the same leftovers.
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
