package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.registry.ModelVersion;
import io.mlops.core.codec.Json;
import io.mlops.core.codec.ManifestJson;
import io.mlops.core.codec.ModelJson;
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
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the version folders of models and their manifests. Thread-safe. */
final class VersionFolders {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final int MAX_REMEMBERED = 10_000;

    private final Store store;
    /** Manifests never change. */
    private final Map<ModelVersionId, Json> manifests = new ConcurrentHashMap<>();

    VersionFolders(Store store) {
        this.store = store;
    }

    /** The numbers of a model's versions, ascending. */
    List<Integer> numbers(String model) throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String name : store.disk().names(store.layout().model(model))) {
            if (NUMBER.matcher(name).matches()) {
                numbers.add(Integer.valueOf(name));
            }
        }
        return List.copyOf(numbers);
    }

    /** The manifest of a version; null if there is none of this model. */
    @Nullable
    Json manifest(ModelVersionId version) throws IOException {
        Json known = manifests.get(version);
        if (known != null) {
            return known;
        }
        Path folder = store.layout().version(version.model(), version.number());
        Json json = store.documents().find(folder.resolve(Layout.VERSION));
        if (json == null || !json.text("model").equals(version.model())) {
            return null;
        }
        if (manifests.size() > MAX_REMEMBERED) {
            manifests.clear();
        }
        manifests.put(version, json);
        return json;
    }

    /** Like {@link #manifest}, but one that is damaged is reported and taken for none. */
    @Nullable
    Json soundManifest(ModelVersionId version) throws IOException {
        try {
            return manifest(version);
        } catch (MlopsException e) {
            Path folder = store.layout().version(version.model(), version.number());
            store.damage().unreadable(folder.resolve(Layout.VERSION), e);
            return null;
        }
    }

    /** A version as it was made, with what changed about it since. */
    Optional<ModelVersion> find(ModelVersionId version) throws IOException {
        Json manifest = manifest(version);
        return manifest == null ? Optional.empty() : Optional.of(changed(version, manifest));
    }

    ModelVersion changed(ModelVersionId version, Json manifest) throws IOException {
        ModelVersion made = ManifestJson.read(manifest, version.number());
        Json changes = store.documents().find(store.layout().changedVersion(version.model(), version.number()));
        return changes == null ? made : ModelJson.readVersion(made, changes);
    }

    /**
     * What the manifest of a version names.
     *
     * @throws NotFoundException if there is no such version
     */
    List<ArtifactEntry> files(ModelVersionId version) throws IOException {
        Json manifest = manifest(version);
        if (manifest == null) {
            throw new NotFoundException(
                    "no model version " + version + " in " + store.layout().root());
        }
        return ManifestJson.files(manifest);
    }

    /**
     * What the manifest of a version says of one file; null if it does not name it.
     *
     * @throws NotFoundException if there is no such version
     */
    @Nullable
    ArtifactEntry file(ModelVersionId version, RelativePath path) throws IOException {
        for (ArtifactEntry entry : files(version)) {
            if (entry.path().equals(path)) {
                return entry;
            }
        }
        return null;
    }

    /**
     * Like {@link #files}, after a look at what really lies there.
     *
     * @throws CorruptDataException if a file lies there that the manifest does not name, other than what Python leaves
     *     behind when it loads in place
     */
    List<ArtifactEntry> checkedFiles(ModelVersionId version) throws IOException {
        List<ArtifactEntry> files = files(version);
        Set<String> expected = new HashSet<>(Set.of(Layout.VERSION));
        files.forEach(entry -> expected.add(entry.path().value()));
        Path root = store.layout().version(version.model(), version.number());
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = pathOf(root.relativize(file));
                if (!expected.contains(path) && !isPythons(path)) {
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

    private static boolean isPythons(String path) {
        return path.equals("registered_model_meta") || ("/" + path).contains("/__pycache__/");
    }

    private static String pathOf(Path relative) {
        StringJoiner path = new StringJoiner("/");
        relative.forEach(name -> path.add(name.toString()));
        return path.toString();
    }
}
