package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ModelDraft;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.codec.Json;
import io.mlops.core.codec.ManifestJson;
import io.mlops.core.codec.ModelJson;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileContentCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    VersionMaker(Store store, VersionFolders versions) {
        this.store = store;
        this.versions = versions;
    }

    ModelVersion make(ModelDraft draft) throws IOException {
        Set<Integer> looked = new HashSet<>();
        ModelVersion known = withKey(draft, looked);
        if (known != null) {
            return durable(draft, known);
        }
        Path staged = store.staging().place();
        try {
            return claim(draft, stage(draft, staged), staged, looked);
        } finally {
            if (Files.exists(staged)) {
                store.disk().deleteTree(staged);
            }
        }
    }

    /** The version that was made with the draft's key, if there is one among those that nobody looked at yet. */
    private @Nullable ModelVersion withKey(ModelDraft draft, Set<Integer> looked) throws IOException {
        List<Integer> numbers = versions.numbers(draft.model());
        for (int i = numbers.size() - 1; i >= 0; i--) {
            ModelVersionId id = new ModelVersionId(draft.model(), numbers.get(i));
            Manifest manifest = looked.contains(id.number()) ? null : versions.soundManifest(id);
            if (manifest != null && manifest.key().equals(draft.key())) {
                return versions.find(id).orElse(null);
            }
            if (manifest != null) {
                looked.add(id.number());
            }
        }
        return null;
    }

    private List<ArtifactEntry> stage(ModelDraft draft, Path staged) throws IOException {
        store.disk().makeFolder(staged);
        List<ArtifactEntry> entries = new ArrayList<>();
        Set<Path> folders = new LinkedHashSet<>();
        for (Map.Entry<RelativePath, Content> file : draft.files().entrySet()) {
            Path target = FilePaths.resolve(staged, file.getKey());
            store.disk().makeFolders(staged, Disk.folderOf(target), folders);
            folders.add(Disk.folderOf(target));
            entries.add(FileContentCopy.copy(store.disk(), file.getKey(), file.getValue(), target));
        }
        Json manifest = ManifestJson.create(draft.made(1, entries), draft.key(), entries);
        store.disk().write(staged.resolve(Layout.VERSION), manifest.bytes(), true);
        folders.add(staged);
        for (Path folder : folders) {
            store.disk().syncFolder(folder);
        }
        return entries;
    }

    /**
     * Numbers are taken in turn, so whoever finds one taken looks at it: it may bear this very key.
     *
     * @param looked at which versions already
     */
    private ModelVersion claim(ModelDraft draft, List<ArtifactEntry> entries, Path staged, Set<Integer> looked)
            throws IOException {
        String model = draft.model();
        makeModel(draft);
        int tried = 0;
        while (true) {
            // First the number, then a look at all below it: one that bears this key cannot come between.
            int next = free(model);
            ModelVersion known = withKey(draft, looked);
            if (known != null) {
                return durable(draft, known);
            }
            Path target = store.layout().version(model, next);
            if (next <= tried) {
                throw inTheWay(target, model);
            }
            tried = next;
            if (store.disk().claimFolder(staged, target)) {
                store.disk().syncFolder(store.layout().model(model));
                protect(target, entries);
                return draft.made(next, entries);
            }
        }
    }

    /** Whoever made it may have died before it could sync. */
    private ModelVersion durable(ModelDraft draft, ModelVersion known) throws IOException {
        makeModel(draft);
        store.disk().syncFolder(store.layout().model(draft.model()));
        return known;
    }

    /** The number after the last version that nothing has yet; an empty folder may have it. */
    private int free(String model) throws IOException {
        int last = versions.greatest(model);
        if (last >= VersionFolders.MAX_NUMBER) {
            throw inTheWay(store.layout().version(model, last), model);
        }
        int next = last + 1;
        for (Path taken = store.layout().version(model, next);
                Files.exists(taken, LinkOption.NOFOLLOW_LINKS)
                        && !(Files.isDirectory(taken, LinkOption.NOFOLLOW_LINKS)
                                && store.disk().names(taken).isEmpty());
                taken = store.layout().version(model, next)) {
            next++;
        }
        return next;
    }

    private static CorruptDataException inTheWay(Path target, String model) {
        return new CorruptDataException(
                target + " is in the way of the next version of model " + model
                        + ", and no registration made it: look at it and take it away",
                null);
    }

    private void makeModel(ModelDraft draft) throws IOException {
        Path folder = store.layout().model(draft.model());
        Path registered = store.layout().registered(draft.model());
        store.disk().makeFolder(store.layout().models());
        boolean made = store.disk().makeFolder(folder);
        store.disk().makeFolder(store.layout().registry());
        boolean madeToo = store.disk().makeFolder(registered);
        Path document = store.layout().modelJson(draft.model());
        if (!Files.exists(document)) {
            madeToo |= store.documents().claimLater(document, ModelJson.create(draft.model(), draft.created()));
        }
        store.anchor(folder, made);
        store.anchor(document, madeToo);
    }

    /** Best effort: programs that load a model in place are kept from changing it. */
    private static void protect(Path folder, List<ArtifactEntry> entries) {
        try {
            for (ArtifactEntry entry : entries) {
                Files.setPosixFilePermissions(
                        FilePaths.resolve(folder, entry.path()), PosixFilePermissions.fromString("r--r--r--"));
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the files of {} stay writable", folder, e);
        }
    }
}
