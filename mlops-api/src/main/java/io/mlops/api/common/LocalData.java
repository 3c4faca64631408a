package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/** Digests data in a local file, or in all files below a folder. */
final class LocalData {
    private static final int BUFFER_BYTES = 1 << 17;

    private LocalData() {}

    static DataReference reference(Path fileOrFolder) {
        Path place =
                requireNonNull(fileOrFolder, "fileOrFolder").toAbsolutePath().normalize();
        Path name = place.getFileName();
        return new ExternalData(name == null ? place.toString() : name.toString(), digest(place), place.toString());
    }

    /** A new SHA-256. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Digest digest(Path place) {
        try {
            if (!Files.exists(place)) {
                throw new NotFoundException("no file or folder " + place + " to digest");
            }
            BasicFileAttributes attributes = Files.readAttributes(place, BasicFileAttributes.class);
            return attributes.isDirectory() ? digestOfFolder(place) : digestOfFile(place, attributes);
        } catch (IOException e) {
            throw new RefusedException("cannot read " + place + " to digest it: " + e, e);
        }
    }

    private static Digest digestOfFolder(Path folder) throws IOException {
        Map<String, Digest> files = new HashMap<>();
        Files.walkFileTree(
                folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                        checkNoStore(visited);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        String path = folder.relativize(file)
                                .toString()
                                .replace(file.getFileSystem().getSeparator(), "/");
                        files.put(path, digestOfFile(file, attributes));
                        return FileVisitResult.CONTINUE;
                    }
                });
        if (files.isEmpty()) {
            throw new IllegalArgumentException("folder " + folder + " holds no file to digest");
        }
        return Digest.ofFiles(files);
    }

    /** Digests as many bytes as the file has now: one that somebody appends to would have no end. */
    private static Digest digestOfFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) {
            throw new RefusedException(file + " is neither a file nor a folder, and has no bytes to digest", null);
        }
        MessageDigest sha256 = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = attributes.size();
        try (InputStream in = Files.newInputStream(file)) {
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new RefusedException(
                            file + " became shorter while it was digested: digest a copy that nobody writes", null);
                }
                sha256.update(buffer, 0, read);
                left -= read;
            }
        }
        return Digest.sha256(sha256.digest());
    }

    /** Refuses the folder of a store: to close a file of it that this process holds a lock on would drop the lock. */
    private static void checkNoStore(Path folder) {
        if (isThere(folder, "store.json") && (isThere(folder, ".live") || isThere(folder, "store.lock"))) {
            throw new RefusedException(
                    folder + " is a store, whose locks reading it would drop: choose the files that are meant", null);
        }
    }

    private static boolean isThere(Path folder, String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }
}
