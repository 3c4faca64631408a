package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.Names;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelState;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.StoredContent;
import io.mlops.api.spi.VersionState;
import io.mlops.backends.fs.store.Documents;
import io.mlops.backends.fs.store.Format;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.backends.fs.version.Manifest;
import io.mlops.backends.fs.version.VersionDraft;
import io.mlops.backends.fs.version.Versions;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.query.NotFound;
import io.mlops.core.query.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model store on files: version folders below {@code models/} never change, everything that may change lies below
 * {@code registry/}. Thread-safe.
 */
final class FsModelStore implements ModelStore {
    private final Store store;
    private final Versions<ModelVersion> versions;
    private final RunFolders runs;

    FsModelStore(Store store, Versions<ModelVersion> versions, RunFolders runs) {
        this.store = store;
        this.versions = versions;
        this.runs = runs;
    }

    @Override
    public ModelVersion create(ModelDraft draft) {
        String model = draft.model();
        Names.checkName("model", model);
        return store.make("register a version of model " + model, store.layout().models(), () -> {
            Versions.Made made = versions.make(new VersionDraft(
                    model,
                    draft.key(),
                    draft.files(),
                    files -> ManifestJson.create(draft.made(1, files), draft.key(), files),
                    () -> ModelJson.create(model, draft.created()),
                    this::kept));
            List<ArtifactEntry> files = made.files();
            return files == null
                    ? draft.again(checkThere(model, made.number()), made.digest())
                    : draft.made(made.number(), files);
        });
    }

    /** Finds the file of an artifact of a run; null for any other content. */
    private @Nullable Path kept(Content content) throws IOException {
        if (!(content instanceof StoredContent artifact)) {
            return null;
        }
        Path run = runs.find(artifact.run());
        Path file = run == null ? null : Layout.artifact(run, artifact.entry().path());
        return file != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? file : null;
    }

    @Override
    public Optional<Model> find(String model) {
        return store.read("find model " + model, store.layout().registry(), () -> Optional.ofNullable(model(model)));
    }

    @Override
    public Optional<ModelVersion> find(VersionReference reference) {
        return store.read("find model version " + reference, store.layout().models(), () -> {
            Integer number = versions.number(reference);
            return number == null ? Optional.empty() : version(reference.name(), number);
        });
    }

    /** Reads a version as it is now; empty if there is none. */
    private Optional<ModelVersion> version(String model, int number) throws IOException {
        Manifest<ModelVersion> manifest = versions.manifest(model, number);
        if (manifest == null) {
            return Optional.empty();
        }
        return Optional.of(changed(manifest.made(), store.layout().changedVersion(model, number)));
    }

    /**
     * Returns a version as it is now; if the document of what changed is damaged, as it was made, with a warning: its
     * files are as sound as before.
     */
    private ModelVersion changed(ModelVersion made, Path file) throws IOException {
        try {
            Json changes =
                    FileStamp.find(file) == null ? null : store.documents().find(file);
            return changes == null ? made : Documents.decode(changes, json -> ModelJson.readVersion(made, json));
        } catch (CorruptDataException e) {
            store.damage().unreadable(file, e);
            return made;
        }
    }

    private Optional<ModelVersion> soundVersion(String model, int number) {
        try {
            return version(model, number);
        } catch (IOException | MlopsException e) {
            store.damage().unreadable(versions.folder(model, number), e);
            return Optional.empty();
        }
    }

    @Override
    public Page<Model> models(PageRequest page) {
        return store.read(
                "list models", store.layout().registry(), () -> Pages.byName(all(this::model), Model::name, page));
    }

    /** Lists the names of all models, as far as they can be read. */
    private List<String> names() throws IOException {
        return all(name -> versions.exist(name) ? name : null);
    }

    /** A look at a model by its name. */
    private interface Look<T> {
        @Nullable
        T at(String model) throws IOException;
    }

    /** Looks at every model; those that cannot be read are left out with a warning. */
    private <T> List<T> all(Look<T> look) throws IOException {
        List<T> found = new ArrayList<>();
        for (String folder : store.disk().names(store.layout().registry())) {
            Path entry = store.layout().registry().resolve(folder);
            try {
                if (!Files.isDirectory(entry)) {
                    throw new NotDirectoryException(folder);
                }
                Json json = store.documents().find(entry.resolve(Layout.MODEL));
                if (json != null) {
                    Layout.checkOwn(json, "name", entry);
                } else if (!store.disk().names(entry).isEmpty()) {
                    store.damage().gone(entry.resolve(Layout.MODEL));
                }
                T model = json == null ? null : look.at(json.text("name"));
                if (model != null) {
                    found.add(model);
                }
            } catch (IOException | MlopsException e) {
                store.damage().unreadable(entry, e);
            }
        }
        return found;
    }

    @Override
    public Page<ModelVersion> versions(String model, PageRequest page) {
        return store.read("list the versions of model " + model, store.layout().models(), () -> {
            checkThere(model);
            Page<Integer> numbers = Pages.newestFirst(versions.numbers(model), number -> number, page);
            List<ModelVersion> found = new ArrayList<>();
            for (int number : numbers.items()) {
                soundVersion(model, number).ifPresent(found::add);
            }
            return new Page<>(found, numbers.next());
        });
    }

    @Override
    public void change(String model, ModelChange change) {
        store.change("change model " + model, store.layout().registry(), () -> {
            checkThere(model);
            store.lock().in("model " + model, () -> edit(model, change));
        });
    }

    @Override
    public AliasEvent move(AliasMove move, String by, Instant at) {
        String model = move.name();
        return store.write(
                "move alias " + model + "@" + move.alias(), store.layout().registry(), () -> {
                    checkThere(model);
                    Integer target = move.target();
                    if (target != null) {
                        ModelVersion unused = checkThere(model, target);
                    }
                    return versions.move(move, by, at);
                });
    }

    private void edit(String model, ModelChange change) throws IOException {
        if (change instanceof ModelChange.OfVersion edit) {
            editVersion(model, edit);
        } else if (change instanceof ModelChange.OfModel edit) {
            editModel(model, edit);
        } else {
            throw new IllegalStateException("no case for " + change.getClass().getName());
        }
    }

    private void editVersion(String model, ModelChange.OfVersion edit) throws IOException {
        Path file = store.layout().changedVersion(model, edit.number());
        store.links().check(file);
        ModelVersion made = madeThere(model, edit.number());
        Json known = store.documents().find(file);
        Json json = known == null ? ModelJson.createVersion(made) : Format.checkWritable(known);
        ModelVersion version = Documents.decode(json, changes -> ModelJson.readVersion(made, changes));
        ModelJson.writeVersion(VersionState.of(version).apply(edit).version(), json);
        boolean first = store.disk().makeFolder(Disk.folderOf(file));
        store.anchor(Disk.folderOf(file), first);
        store.documents().replace(file, json);
    }

    private void editModel(String model, ModelChange.OfModel edit) throws IOException {
        Path file = store.layout().modelJson(model);
        store.links().check(file);
        Json json = store.documents().find(file);
        if (json != null) {
            Format.checkWritable(json);
            ModelJson.write(
                    ModelState.of(Documents.decode(json, known -> ModelJson.read(known, Map.of())))
                            .apply(edit)
                            .model(),
                    json);
            store.documents().replace(file, json);
        }
    }

    private ModelVersion checkThere(String model, int number) throws IOException {
        return version(model, number).orElseThrow(() -> notThere(model, number));
    }

    /** Returns a version as it was made. */
    private ModelVersion madeThere(String model, int number) throws IOException {
        Manifest<ModelVersion> manifest = versions.manifest(model, number);
        if (manifest == null) {
            throw notThere(model, number);
        }
        return manifest.made();
    }

    private NotFoundException notThere(String model, int number) {
        return NotFound.version(model, number, store.layout().address(), soundNumbers(model));
    }

    /** Lists the numbers of versions for a message, which is not to fail. */
    private List<Integer> soundNumbers(String model) {
        try {
            return versions.numbers(model);
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public Page<AliasEvent> history(String model, PageRequest page) {
        return store.read("read the history of model " + model, store.layout().registry(), () -> {
            checkThere(model);
            return versions.history(model, page);
        });
    }

    /**
     * Refuses the name of a model that is not there: a model is once it has a version. A damaged document hides no
     * version.
     */
    private void checkThere(String model) throws IOException {
        Path file = store.layout().modelJson(model);
        boolean there;
        try {
            Json json = store.documents().find(file);
            there = json != null && json.text("name").equals(model);
        } catch (CorruptDataException e) {
            store.damage().unreadable(file, e);
            there = true;
        }
        if (!store.exists()) {
            throw NotFound.store("model '" + model + "'", store.layout().address());
        }
        if (!there || !versions.exist(model)) {
            throw NotFound.model(model, store.layout().address(), names());
        }
    }

    private @Nullable Model model(String name) throws IOException {
        Json json = store.documents().find(store.layout().modelJson(name));
        if (json == null || !json.text("name").equals(name) || !versions.exist(name)) {
            return null;
        }
        Map<String, Integer> pointing = versions.aliases(name);
        return Documents.decode(json, document -> ModelJson.read(document, pointing));
    }
}
