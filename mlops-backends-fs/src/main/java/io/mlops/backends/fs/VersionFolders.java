package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.registry.ModelVersion;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.codec.Json;
import io.mlops.core.codec.ModelJson;
import io.mlops.core.codec.PythonLeftovers;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileStamp;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the version folders of models and their manifests. Thread-safe. */
final class VersionFolders {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    /** The greatest that the pattern takes. */
    static final int MAX_NUMBER = 999_999_999;

    private static final int MAX_REMEMBERED = 10_000;

    private record Read(FileStamp stamp, Manifest manifest) {}

    private final Store store;
    /** A manifest is never changed, but somebody may delete a model and register another of its name. */
    private final Map<ModelVersionId, Read> manifests = new ConcurrentHashMap<>();

    VersionFolders(Store store) {
        this.store = store;
    }

    /** The numbers that something in a model's folder has, ascending; it may be no version. */
    List<Integer> numbers(String model) throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String name : store.disk().names(store.layout().model(model))) {
            if (NUMBER.matcher(name).matches()) {
                numbers.add(Integer.valueOf(name));
            }
        }
        return List.copyOf(numbers);
    }

    /** The greatest number that a version has, readable or not; 0 if there is none. What has greater ones is reported. */
    int greatest(String model) throws IOException {
        List<Integer> numbers = numbers(model);
        for (int i = numbers.size() - 1; i >= 0; i--) {
            ModelVersionId id = new ModelVersionId(model, numbers.get(i));
            try {
                if (manifest(id) != null) {
                    return id.number();
                }
                Path folder = store.layout().version(model, id.number());
                store.damage()
                        .unreadable(folder, new IOException("it holds no " + Layout.VERSION + " of model " + model));
            } catch (IOException | MlopsException e) {
                // What cannot be read may well be a version.
                return id.number();
            }
        }
        return 0;
    }

    /** The manifest of a version; null if there is none of this model. */
    @Nullable
    Manifest manifest(ModelVersionId version) throws IOException {
        Path file = store.layout().version(version.model(), version.number()).resolve(Layout.VERSION);
        FileStamp stamp = FileStamp.find(file);
        if (stamp == null) {
            manifests.remove(version);
            return null;
        }
        Read known = manifests.get(version);
        if (known != null && known.stamp().equals(stamp)) {
            return known.manifest();
        }
        Json json = store.documents().find(file);
        if (json == null || !json.text("model").equals(version.model())) {
            return null;
        }
        Manifest manifest = Decoded.of(json, document -> Manifest.read(document, version.number()));
        if (stamp.tells()) {
            if (manifests.size() > MAX_REMEMBERED) {
                manifests.clear();
            }
            manifests.put(version, new Read(stamp, manifest));
        }
        return manifest;
    }

    /** Like {@link #manifest}, but one that is damaged is reported and taken for none. */
    @Nullable
    Manifest soundManifest(ModelVersionId version) {
        return sound(version, () -> Optional.ofNullable(manifest(version))).orElse(null);
    }

    /** Like {@link #find}, but what is damaged is reported and left out. */
    Optional<ModelVersion> findSound(ModelVersionId version) {
        return sound(version, () -> find(version));
    }

    private <T> Optional<T> sound(ModelVersionId version, Disk.Step<Optional<T>> step) {
        try {
            return step.run();
        } catch (IOException | MlopsException e) {
            store.damage().unreadable(store.layout().version(version.model(), version.number()), e);
            return Optional.empty();
        }
    }

    /** A version as it was made, with what changed about it since. */
    Optional<ModelVersion> find(ModelVersionId version) throws IOException {
        Manifest manifest = manifest(version);
        if (manifest == null) {
            return Optional.empty();
        }
        Json changes = store.documents().find(store.layout().changedVersion(version.model(), version.number()));
        return Optional.of(
                changes == null
                        ? manifest.made()
                        : Decoded.of(changes, json -> ModelJson.readVersion(manifest.made(), json)));
    }

    /**
     * What the manifest of a version names, in the order of the paths.
     *
     * @throws NotFoundException if there is no such version
     */
    Map<RelativePath, ArtifactEntry> files(ModelVersionId version) throws IOException {
        Manifest manifest = manifest(version);
        if (manifest == null) {
            throw new NotFoundException(
                    "no model version " + version + " in " + store.layout().root());
        }
        return manifest.files();
    }

    /**
     * Like {@link #files}, after a look at what really lies there.
     *
     * @throws CorruptDataException if a file lies there that the manifest does not name, other than what Python leaves
     *     behind when it loads in place
     */
    Map<RelativePath, ArtifactEntry> checkedFiles(ModelVersionId version) throws IOException {
        Map<RelativePath, ArtifactEntry> files = files(version);
        Path root = store.layout().version(version.model(), version.number());
        Set<Path> expected = new HashSet<>(Set.of(root.resolve(Layout.VERSION)));
        files.keySet().forEach(path -> expected.add(FilePaths.resolve(root, path)));
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Path path = root.relativize(file);
                if (!expected.contains(file) && !PythonLeftovers.isOne(path)) {
                    throw new CorruptDataException(
                            "model version " + version + " holds '" + path + "', which its manifest does not name: "
                                    + file + " was put there after it was registered",
                            null);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
