package io.mlops.backends.fs;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Names;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.tracker.Experiment;
import io.mlops.core.codec.ExperimentJson;
import io.mlops.core.codec.Json;
import io.mlops.core.query.Pages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Experiments as folders. Thread-safe. */
final class FsExperimentStore implements ExperimentStore {
    private final Store store;
    /** Experiments never change, so that one look at each is enough. */
    private final Map<Path, Experiment> known = new ConcurrentHashMap<>();

    FsExperimentStore(Store store) {
        this.store = store;
    }

    @Override
    public Experiment ensure(String name, Instant at) {
        Names.checkName("experiment", name);
        Path folder = store.layout().experiment(name);
        return store.write("make experiment " + name, folder, () -> {
            Experiment there = at(folder);
            if (there == null) {
                there = make(name, at, folder);
            }
            store.anchor(folder);
            return there;
        });
    }

    private Experiment make(String name, Instant at, Path folder) throws IOException {
        store.disk().makeFolder(store.layout().experiments());
        store.disk().makeFolder(folder);
        boolean unused = store.documents().claim(folder.resolve(Layout.EXPERIMENT), ExperimentJson.create(name, at));
        Experiment made = at(folder);
        if (made == null) {
            throw new IOException(folder.resolve(Layout.EXPERIMENT) + " was removed just after it was made");
        }
        return made;
    }

    @Override
    public Optional<Experiment> find(String name) {
        Path folder = store.layout().experiment(name);
        return store.read("find experiment " + name, folder, () -> Optional.ofNullable(at(folder)));
    }

    @Override
    public Page<Experiment> list(PageRequest page) {
        return store.read("list experiments", store.layout().experiments(), () -> {
            List<Experiment> found = new ArrayList<>();
            for (Path folder : folders()) {
                try {
                    Experiment experiment = at(folder);
                    if (experiment != null) {
                        found.add(experiment);
                    }
                } catch (CorruptDataException e) {
                    store.damage().unreadable(folder.resolve(Layout.EXPERIMENT), e);
                }
            }
            return Pages.byName(found, Experiment::name, page);
        });
    }

    /** The folders of all experiments, also of those whose file is damaged. */
    List<Path> folders() throws IOException {
        return store.disk().names(store.layout().experiments()).stream()
                .map(store.layout().experiments()::resolve)
                .toList();
    }

    /** The name of the experiment in a folder; the folder's own if nothing better can be read. */
    String nameAt(Path folder) throws IOException {
        try {
            Experiment experiment = at(folder);
            if (experiment != null) {
                return experiment.name();
            }
        } catch (CorruptDataException e) {
            store.damage().unreadable(folder.resolve(Layout.EXPERIMENT), e);
        }
        return folder.getFileName().toString();
    }

    private @Nullable Experiment at(Path folder) throws IOException {
        Experiment experiment = known.get(folder);
        if (experiment == null) {
            Json json = store.documents().find(folder.resolve(Layout.EXPERIMENT));
            if (json == null) {
                return null;
            }
            experiment = ExperimentJson.read(json, folder.getFileName().toString());
            known.put(folder, experiment);
        }
        return experiment;
    }
}
