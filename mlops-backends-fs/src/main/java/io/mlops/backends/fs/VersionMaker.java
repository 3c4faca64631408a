package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ModelDraft;
import io.mlops.core.codec.Json;
import io.mlops.core.codec.ManifestJson;
import io.mlops.core.codec.ModelJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes versions: everything is prepared and synced in a staging folder, which then takes the next free number by a rename.
 * Thread-safe.
 */
final class VersionMaker {
    private static final Logger LOG = LoggerFactory.getLogger(VersionMaker.class);

    private final Store store;
    private final VersionFolders versions;
    /** Keys of the versions that were looked at. */
    private final Map<ModelVersionId, String> keys = new ConcurrentHashMap<>();

    VersionMaker(Store store, VersionFolders versions) {
        this.store = store;
        this.versions = versions;
    }

    ModelVersion make(ModelDraft draft) throws IOException {
        ModelVersion known = withKey(draft, versions.numbers(draft.model()));
        if (known != null) {
            return known;
        }
        Path staged = store.staging().place();
        try {
            return claim(draft, stage(draft, staged), staged);
        } finally {
            if (Files.exists(staged)) {
                store.disk().deleteTree(staged);
            }
        }
    }

    /** The version that was made with the draft's key, if there is one among these. */
    private @Nullable ModelVersion withKey(ModelDraft draft, List<Integer> numbers) throws IOException {
        for (int i = numbers.size() - 1; i >= 0; i--) {
            ModelVersionId id = new ModelVersionId(draft.model(), numbers.get(i));
            String key = keys.get(id);
            if (key == null) {
                Json manifest = versions.soundManifest(id);
                key = manifest == null ? "" : ManifestJson.key(manifest);
                keys.put(id, key);
            }
            if (key.equals(draft.key())) {
                return versions.find(id).orElse(null);
            }
        }
        return null;
    }

    private List<ArtifactEntry> stage(ModelDraft draft, Path staged) throws IOException {
        store.disk().makeFolder(staged);
        List<ArtifactEntry> entries = new ArrayList<>();
        Set<Path> folders = new LinkedHashSet<>();
        for (Map.Entry<RelativePath, Content> file : draft.files().entrySet()) {
            Path target = staged.resolve(file.getKey().value());
            makeFolders(staged, Layout.folderOf(target), folders);
            entries.add(FileContentCopy.copy(store.disk(), file.getKey(), file.getValue(), target));
        }
        Json manifest = ManifestJson.create(draft.made(1, entries), draft.key(), entries);
        store.disk().write(staged.resolve(Layout.VERSION), manifest.bytes(), true);
        for (Path folder : folders) {
            store.disk().syncFolder(folder);
        }
        store.disk().syncFolder(staged);
        return entries;
    }

    private void makeFolders(Path root, Path folder, Set<Path> made) throws IOException {
        if (!folder.equals(root) && made.add(folder)) {
            makeFolders(root, Layout.folderOf(folder), made);
            store.disk().makeFolder(folder);
        }
    }

    /** Numbers are taken in turn, so whoever finds one taken looks at it: it may bear this very key. */
    private ModelVersion claim(ModelDraft draft, List<ArtifactEntry> entries, Path staged) throws IOException {
        String model = draft.model();
        makeModel(draft);
        while (true) {
            List<Integer> numbers = versions.numbers(model);
            ModelVersion known = withKey(draft, numbers);
            if (known != null) {
                return known;
            }
            int next = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
            Path target = store.layout().version(model, next);
            if (store.disk().claimFolder(staged, target)) {
                store.disk().syncFolder(store.layout().model(model));
                protect(target, entries);
                return draft.made(next, entries);
            }
        }
    }

    private void makeModel(ModelDraft draft) throws IOException {
        Path folder = store.layout().model(draft.model());
        Path registered = store.layout().registered(draft.model());
        store.disk().makeFolder(store.layout().models());
        store.disk().makeFolder(folder);
        store.disk().makeFolder(store.layout().registry());
        store.disk().makeFolder(registered);
        Path document = store.layout().modelJson(draft.model());
        if (!Files.exists(document)) {
            boolean unused = store.documents().claim(document, ModelJson.create(draft.model(), draft.created()));
        }
        store.anchor(folder);
        store.anchor(registered);
    }

    /** Best effort: programs that load a model in place are kept from changing it. */
    private static void protect(Path folder, List<ArtifactEntry> entries) {
        try {
            for (ArtifactEntry entry : entries) {
                Files.setPosixFilePermissions(
                        folder.resolve(entry.path().value()), PosixFilePermissions.fromString("r--r--r--"));
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the files of {} stay writable", folder, e);
        }
    }
}
