package io.mlops.backends.fs.power;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The provider of file systems on a {@link PowerDisk}, with the operations that {@code java.nio.file.Files} calls.
 * Thread-safe.
 */
final class PowerProvider extends FileSystemProvider {
    private final PowerFileSystem fileSystem;

    PowerProvider(PowerFileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    private PowerDisk disk() {
        return fileSystem.disk();
    }

    private static PowerPath at(Path path) {
        return PowerPath.of(path).toAbsolutePath().normalize();
    }

    @Override
    public String getScheme() {
        return "power";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
        throw new UnsupportedOperationException("made by tests only");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException("made by tests only");
    }

    @Override
    public Path getPath(URI uri) {
        return fileSystem.getPath(uri.getPath());
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        PowerPath file = at(path);
        boolean appends = options.contains(StandardOpenOption.APPEND);
        boolean writes = appends || options.contains(StandardOpenOption.WRITE);
        boolean reads = !writes || options.contains(StandardOpenOption.READ);
        synchronized (disk()) {
            Inode inode = disk().find(file);
            boolean creates = writes && options.contains(StandardOpenOption.CREATE);
            boolean claims = writes && options.contains(StandardOpenOption.CREATE_NEW);
            if (inode != null && claims) {
                throw new FileAlreadyExistsException(file.toString());
            }
            if (inode == null) {
                inode = creates || claims ? disk().makeFile(file) : disk().get(file);
            }
            if (inode.folder && writes) {
                throw new FileSystemException(file.toString(), null, "Is a directory");
            }
            if (writes && options.contains(StandardOpenOption.TRUNCATE_EXISTING) && disk().bytes(inode).length > 0) {
                disk().setBytes(inode, new byte[0], "truncate", file);
            }
            return new PowerChannel(fileSystem, file, inode, reads, writes, appends);
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> found = new ArrayList<>();
        for (String name : disk().names(at(folder))) {
            Path entry = folder.resolve(name);
            if (filter.accept(entry)) {
                found.add(entry);
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        disk().makeFolder(at(folder));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        disk().link(at(link), at(existing));
    }

    @Override
    public void delete(Path path) throws IOException {
        disk().delete(at(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("nothing copies here");
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        List<CopyOption> wanted = List.of(options);
        if (!wanted.contains(StandardCopyOption.ATOMIC_MOVE)) {
            throw new UnsupportedOperationException("a move in more than one step is safe nowhere");
        }
        disk().move(at(source), at(target));
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return disk().get(at(one)) == disk().get(at(other));
    }

    @Override
    public boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        throw new IOException("a disk of a test has no store");
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Inode unused = disk().get(at(path));
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        Inode inode = disk().get(at(path));
        if (!type.isAssignableFrom(PowerAttributes.class)) {
            throw new UnsupportedOperationException(type.getName());
        }
        return type.cast(new PowerAttributes(
                inode.folder, disk().bytes(inode).length, disk().modifiedMillis(inode), fileSystem.fileKey(inode)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException(attributes);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException(attribute);
    }
}
