package io.mlops.core.disk;

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
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk on which each operation that changes files is one call, so that a test can see their order and let them fail.
 * An interrupt in the midst of an operation would close its channel for good: it is put off until the operation is
 * done. Thread-safe.
 */
public class Disk {
    /** An operation on files that does no harm if an interrupt breaks it off and it is begun again. */
    @FunctionalInterface
    public interface Step<T extends @Nullable Object> {
        /** Runs the operation, from its beginning each time. */
        T run() throws IOException;
    }

    /** A {@link Step} that returns nothing. */
    @FunctionalInterface
    public interface Action {
        /** Runs the operation, from its beginning each time. */
        void run() throws IOException;
    }

    /** Makes an object for the disks of this machine; it keeps no state. */
    public Disk() {}

    /** Returns the folder that a file or folder lies in; a path without one is refused with a NullPointerException. */
    public static Path folderOf(Path inFolder) {
        return Objects.requireNonNull(inFolder.getParent(), () -> inFolder + " lies in no folder");
    }

    /**
     * Runs an action to its end, anew after each interrupt; the thread's interrupt flag is set again when it returns.
     */
    static void steadily(Action action) throws IOException {
        boolean unused = steadily(() -> {
            action.run();
            return true;
        });
    }

    /** Runs a step to its end, anew after each interrupt; the thread's interrupt flag is set again when it returns. */
    static <T extends @Nullable Object> T steadily(Step<T> step) throws IOException {
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

    /** Runs a step on a file and puts the file's name into exceptions of the system that lack it. */
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

    /**
     * Writes a file of these bytes in place of one that is there, and syncs it if it is to be durable; its name is not.
     */
    public void write(Path file, byte[] bytes, boolean durable) throws IOException {
        steadily(() -> {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                Parts.write(channel, file, ByteBuffer.wrap(bytes));
                if (durable) {
                    sync(channel, file);
                }
            }
        });
    }

    /** A writer of all that a file is to hold. */
    @FunctionalInterface
    public interface Filling {
        /** Writes the file from its beginning to its end, once more after an interrupt. */
        void into(OutputStream file) throws IOException;
    }

    /** Writes a file in place of one that is there, without a sync: a power cut may take it away or leave a part. */
    public void write(Path file, Filling filling) throws IOException {
        steadily(() -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                filling.into(out);
            }
        });
    }

    /**
     * Appends to a file that stays open, without a sync. An interrupt that comes before the write is put off; one in
     * its midst closes the channel.
     */
    public void append(FileChannel channel, Path file, ByteBuffer bytes) throws IOException {
        once(() -> Parts.write(channel, file, bytes));
    }

    /**
     * Appends to a file, made if it is missing, in one write that no other comes between, without a sync. Returns the
     * file's new length.
     */
    public long append(Path file, byte[] bytes) throws IOException {
        long[] length = new long[1];
        once(() -> {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                Parts.write(channel, file, ByteBuffer.wrap(bytes));
                length[0] = channel.size();
            }
        });
        return length[0];
    }

    /** Runs an action that must not be begun again; an interrupt that comes before it is put off. */
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

    /** Makes the bytes of a file durable; its name is so only after {@link #syncFolder} of its folder. */
    public void sync(FileChannel channel, Path file) throws IOException {
        once(() -> force(channel, file, false));
    }

    private static void force(FileChannel channel, Path file, boolean all) throws IOException {
        boolean unused = naming(file, () -> {
            channel.force(all);
            return true;
        });
    }

    /** Makes the bytes of a file durable that another channel wrote, maybe of another process. */
    public void syncFile(Path file) throws IOException {
        steadily(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                sync(channel, file);
            }
        });
    }

    /**
     * Makes the names in a folder durable: what was made, renamed or deleted there. On Windows, which neither can nor
     * needs to, this does nothing.
     */
    public void syncFolder(Path folder) throws IOException {
        if (folder.getFileSystem().getSeparator().equals("\\")) {
            return;
        }
        if (!Files.isDirectory(folder) && Files.exists(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        steadily(() -> {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                force(channel, folder, true);
            }
        });
    }

    /**
     * Renames a file to a target, in place of what is there, in one step. Durable after {@link #syncFolder} of the
     * target's folder.
     */
    public void replace(Path staged, Path target) throws IOException {
        Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Links a staged file to its final name unless that is taken, in one step; the staged name stays. Returns whether
     * the name was free. Durable after {@link #syncFolder} of the target's folder.
     */
    public boolean claimFile(Path staged, Path target) throws IOException {
        try {
            Files.createLink(target, staged);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    /**
     * Renames a staged folder, which must not be empty, to its final name unless that is taken, in one step. Returns
     * whether the name was free. Durable after {@link #syncFolder} of the target's folder.
     */
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

    /** Makes a folder unless it is there, without a sync; returns whether this call made it. */
    public boolean makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException there) {
            return false;
        }
    }

    /**
     * Makes a folder and those missing above it, up to a root, without a sync. Adds the folders that got new names to
     * {@code changed}, for the caller to sync.
     */
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

    /**
     * Creates a file to append to; one of this name must not be there. Each write goes to the file's end, so that the
     * length tells whether somebody cut it.
     */
    public FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    }

    /** Deletes a file or an empty folder, without a sync; does nothing if it is not there. */
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
     * Lists the names in a folder of very many, in no order; the list is empty if there is no folder. Several times as
     * fast as {@link #names}, but the JDK does not notice when the system stops in the midst of a listing.
     */
    public List<String> manyNames(Path folder) throws IOException {
        String[] names = folder.getFileSystem().equals(FileSystems.getDefault())
                ? folder.toFile().list()
                : null;
        return names == null ? names(folder) : List.of(names);
    }

    /** Lists the names in a folder, in no order; the list is empty if there is no folder. */
    public List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> {
                String name = entry.getFileName().toString();
                if (FileType.isPath(name)) {
                    names.add(name);
                }
            });
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /**
     * Reads a whole document. Something that is no file, or too long for a document of ours, is refused before it is
     * opened.
     */
    public byte[] read(Path file) throws IOException {
        long unused = FileType.checkedDocument(file);
        return naming(
                file,
                () -> steadily(() -> {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                        // A longer one may have taken the place of the file that was looked at.
                        return Parts.read(channel, 0, (int) FileType.checkedDocument(file, channel.size()));
                    }
                }));
    }

    /** Reads so many bytes of a file from an offset on, or fewer if the file ends before. */
    public byte[] read(Path file, long offset, int length) throws IOException {
        BasicFileAttributes unused = FileType.readable(file);
        return part(file, offset, length);
    }

    private static byte[] part(Path file, long offset, int length) throws IOException {
        return steadily(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return Parts.read(channel, offset, length);
            }
        });
    }

    /**
     * Deletes a folder with all it holds, without a sync; other processes may delete it at the same time. Links are
     * deleted, not what they lead to.
     */
    public void deleteTree(Path folder) throws IOException {
        deleteTree(folder, (file, attributes) -> {});
    }

    /** A listener that is told of each file or link before it is deleted. */
    @FunctionalInterface
    public interface Doomed {
        /** Looks at a file whose attributes are those of a link if it is one. */
        void look(Path file, BasicFileAttributes attributes) throws IOException;
    }

    /** Deletes a folder as {@link #deleteTree(Path)} does, and tells what it is about to delete. */
    public void deleteTree(Path folder, Doomed listener) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                listener.look(file, attributes);
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    // Another process deletes the same tree.
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
