package io.mlops.core.environment;

import io.mlops.api.common.Digest;
import io.mlops.api.spi.DigestingStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a folder of classes, formed as that of a model version, see {@link Digest#ofFiles}. Only what such
 * folders are made of counts: {@code .class}, {@code .properties}, {@code .xml}, {@code .json}, {@code .yml},
 * {@code .yaml} and {@code .conf}, and all of {@code META-INF}. No other file is opened, since closing one of which the
 * program holds a lock, such as that of a database, would drop the lock; nor would it be the same again next time.
 */
final class FolderDigest {
    private static final int MAX_FILES = 50_000;
    private static final int MAX_DEPTH = 64;
    private static final long MAX_BYTES = 64L << 20;
    private static final List<String> KINDS =
            List.of(".class", ".properties", ".xml", ".json", ".yml", ".yaml", ".conf");
    /** The file by which a folder is known as a store of the file backend. */
    private static final String STORE = "store.json";

    private FolderDigest() {}

    /**
     * Digests what lies in a folder, without hidden folders and stores; links are not followed.
     *
     * @return null if no file in it counts
     */
    static @Nullable Digest of(Path folder, ByteBudget all) throws IOException {
        SortedMap<String, Path> files = files(folder, all);
        ByteBudget budget = new ByteBudget(Math.min(MAX_BYTES, all.left()));
        Map<String, Digest> digests = new HashMap<>();
        for (var file : files.entrySet()) {
            try (InputStream in = Files.newInputStream(file.getValue())) {
                digests.put(file.getKey(), DigestingStream.digest(all.taking(budget.taking(in))));
            }
        }
        return files.isEmpty() ? null : Digest.ofFiles(digests);
    }

    /** The files that count, by their paths. */
    private static SortedMap<String, Path> files(Path folder, ByteBudget all) throws IOException {
        SortedMap<String, Path> files = new TreeMap<>();
        Files.walkFileTree(folder, Set.of(), MAX_DEPTH, new SimpleFileVisitor<>() {
            private int looked;

            /**
             * Skips stores and hidden folders: to read a file of theirs that this process holds a lock on would drop
             * the lock.
             */
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                boolean hidden =
                        !inner.equals(folder) && inner.getFileName().toString().startsWith(".");
                return hidden || Files.exists(inner.resolve(STORE))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                // An interrupt ends it.
                all.take(0);
                if (attributes.isDirectory() || ++looked > MAX_FILES) {
                    throw new ByteBudget.Spent();
                }
                String path = folder.relativize(file)
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), "/");
                if (attributes.isRegularFile() && counts(path)) {
                    files.put(path, file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static boolean counts(String path) {
        return path.startsWith("META-INF/") || KINDS.stream().anyMatch(path::endsWith);
    }
}
