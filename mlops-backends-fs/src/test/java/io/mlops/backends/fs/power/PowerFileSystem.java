package io.mlops.backends.fs.power;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The file system of one boot of a machine, on a {@link PowerDisk}; its locks end with the boot. Thread-safe. */
final class PowerFileSystem extends FileSystem {
    private final PowerDisk disk;
    private final PowerProvider provider = new PowerProvider(this);
    private final String id = UUID.randomUUID().toString();
    private final Locks locks = new Locks();

    PowerFileSystem(PowerDisk disk) {
        this.disk = disk;
    }

    PowerDisk disk() {
        return disk;
    }

    Locks locks() {
        return locks;
    }

    /** Returns a key that tells a file from all others, also of other boots. */
    String fileKey(Inode inode) {
        return "(" + id + ":" + inode.number + ")";
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public PowerPath getPath(String first, String... more) {
        return PowerPath.parse(this, String.join("/", first, String.join("/", more)));
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("it ends with the test");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        throw new UnsupportedOperationException(syntaxAndPattern);
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("there are no users");
    }

    @Override
    public WatchService newWatchService() throws IOException {
        throw new IOException("nothing is watched here");
    }
}
