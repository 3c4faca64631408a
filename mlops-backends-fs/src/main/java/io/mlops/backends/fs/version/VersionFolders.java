package io.mlops.backends.fs.version;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.fs.store.Documents;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.disk.StampedCache;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The folders and manifests of the versions of one kind of thing, for reading. Thread-safe. */
final class VersionFolders<T> {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    /** The greatest number of a version that {@link #NUMBER} takes. */
    static final int MAX_NUMBER = 999_999_999;

    private static final int MAX_REMEMBERED = 10_000;

    private final Store store;
    private final VersionKind<T> kind;
    /**
     * Manifests by their files. None is ever changed, but people may delete a name with all its versions and use it
     * again.
     */
    private final StampedCache<Path, Manifest<T>> manifests = new StampedCache<>(MAX_REMEMBERED);

    VersionFolders(Store store, VersionKind<T> kind) {
        this.store = store;
        this.kind = kind;
    }

    /** Returns the folder of all versions of a name. */
    Path folder(String name) {
        return Layout.named(kind.versions(), name);
    }

    /** Returns the folder of a version. */
    Path folder(String name, int number) {
        return folder(name).resolve(Integer.toString(number));
    }

    /** Names a version for messages. */
    String describe(String name, int number) {
        return kind.noun() + " version " + name + "/" + number;
    }

    /** Lists the numbers that are taken in the folder of a name, ascending; what has one may be no version. */
    List<Integer> numbers(String name) throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String entry : store.disk().names(folder(name))) {
            if (NUMBER.matcher(entry).matches()) {
                numbers.add(Integer.valueOf(entry));
            }
        }
        return List.copyOf(numbers);
    }

    /**
     * Returns the greatest number of a version, damaged ones included; 0 if there is none. Warns about things with
     * greater numbers that are no versions.
     */
    int greatest(String name) throws IOException {
        List<Integer> numbers = numbers(name);
        for (int i = numbers.size() - 1; i >= 0; i--) {
            int number = numbers.get(i);
            try {
                if (manifest(name, number) != null) {
                    return number;
                }
                store.damage()
                        .unreadable(
                                folder(name, number),
                                new IOException("it holds no " + Layout.VERSION + " of " + kind.noun() + " " + name));
            } catch (IOException | MlopsException e) {
                // A damaged manifest is that of a version all the same.
                return number;
            }
        }
        return 0;
    }

    /** Reads the manifest of a version; null if there is no version of this name and number. */
    @Nullable
    Manifest<T> manifest(String name, int number) throws IOException {
        Path file = folder(name, number).resolve(Layout.VERSION);
        FileStamp stamp = FileStamp.find(file);
        if (stamp == null) {
            manifests.remove(file);
            return null;
        }
        Manifest<T> known = manifests.find(file, stamp);
        if (known != null) {
            return known;
        }
        Json json = store.documents().find(file);
        if (json == null || !kind.name(json).equals(name)) {
            return null;
        }
        Manifest<T> manifest = Documents.decode(json, document -> kind.read(document, number));
        manifests.put(file, stamp, manifest);
        return manifest;
    }

    /** Reads the manifest of a version; null, with a warning, also if it is damaged. */
    @Nullable
    Manifest<T> soundManifest(String name, int number) {
        try {
            return manifest(name, number);
        } catch (IOException | MlopsException e) {
            store.damage().unreadable(folder(name, number), e);
            return null;
        }
    }

    /**
     * Returns the files that the manifest of a version names, in the order of their paths.
     *
     * @throws NotFoundException if there is no such version
     */
    Map<RelativePath, ArtifactEntry> files(String name, int number) throws IOException {
        Manifest<T> manifest = manifest(name, number);
        if (manifest == null) {
            throw new NotFoundException(
                    "no " + describe(name, number) + " in " + store.layout().address());
        }
        return manifest.files();
    }

    /**
     * Returns the files of a version as {@link #files} does, after a check of what really lies in its folder.
     *
     * @throws CorruptDataException if a file lies there that neither the manifest names nor a known program leaves behind
     */
    Map<RelativePath, ArtifactEntry> checkedFiles(String name, int number) throws IOException {
        Map<RelativePath, ArtifactEntry> files = files(name, number);
        Path root = folder(name, number);
        Set<Path> expected = new HashSet<>(Set.of(root.resolve(Layout.VERSION)));
        files.keySet().forEach(path -> expected.add(FilePaths.resolve(root, path)));
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Path path = root.relativize(file);
                if (attributes.isOther()) {
                    throw new CorruptDataException(
                            describe(name, number) + " holds '" + path + "', which is no file: take " + file
                                    + " away and put back what was there",
                            null);
                }
                if (!expected.contains(file) && !kind.isLeftover(path)) {
                    throw new CorruptDataException(
                            describe(name, number) + " holds '" + path + "', which its manifest does not name: " + file
                                    + " was put there after it was registered",
                            null);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
