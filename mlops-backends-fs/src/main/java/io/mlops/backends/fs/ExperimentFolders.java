package io.mlops.backends.fs;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.disk.StampedCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The folders of experiments, for finding and reading. A folder keeps its name for good, whatever the experiment is
 * called, and lies in {@code .trash} while the experiment is deleted. Thread-safe.
 */
final class ExperimentFolders {
    private static final int MAX_REMEMBERED = 10_000;

    private final Store store;
    /** Experiments that were read, by their files. */
    private final StampedCache<Path, Experiment> seen = new StampedCache<>(MAX_REMEMBERED);

    ExperimentFolders(Store store) {
        this.store = store;
    }

    /** Finds the folder of the experiment of this name, deleted or not; null if there is none. */
    @Nullable
    Path find(String name) throws IOException {
        Path natural = store.layout().experiment(name);
        for (Path folder : List.of(natural, inTrash(natural))) {
            Experiment there = at(folder);
            if (there != null && there.name().equals(name)) {
                return folder;
            }
        }
        for (Path folder : all()) {
            Experiment there = atIfSound(folder);
            if (there != null && there.name().equals(name)) {
                return folder;
            }
        }
        return null;
    }

    /**
     * Returns a folder for a new experiment: the one of its name, unless that belongs to an experiment that was
     * renamed.
     */
    Path free(String name) throws IOException {
        Path natural = store.layout().experiment(name);
        Path folder = natural;
        for (int n = 2; at(folder) != null || at(inTrash(folder)) != null; n++) {
            folder = natural.resolveSibling(natural.getFileName() + "~" + n);
        }
        return folder;
    }

    /** Reads the experiment in a folder; null if there is none. */
    @Nullable
    Experiment at(Path folder) throws IOException {
        Path file = folder.resolve(Layout.EXPERIMENT);
        FileStamp stamp = FileStamp.find(file);
        if (stamp == null) {
            return null;
        }
        Experiment before = seen.find(file, stamp);
        if (before != null) {
            return before;
        }
        Json json = store.documents().find(file);
        if (json == null) {
            return null;
        }
        Experiment experiment = ExperimentJson.read(json, folder.getFileName().toString());
        checkOwn(json, experiment, folder);
        seen.put(file, stamp, experiment);
        return experiment;
    }

    private void checkOwn(Json json, Experiment experiment, Path folder) {
        String own = ExperimentJson.folder(json);
        Path natural = store.layout().experiment(experiment.name());
        String name = folder.getFileName().toString();
        boolean copy = own != null && !name.equals(own);
        if (own == null && !name.equals(natural.getFileName().toString())) {
            // Of an older version: the name tells, unless it was changed.
            copy = List.of(natural, inTrash(natural)).stream()
                    .map(this::atIfSound)
                    .anyMatch(other -> other != null && other.name().equals(experiment.name()));
        }
        if (copy) {
            throw new CorruptDataException(
                    json.source() + " is of the experiment in the folder '"
                            + (own == null ? natural.getFileName() : own)
                            + "': a copy counts for nothing, take it away",
                    null);
        }
    }

    /** Returns whether a folder is a copy of an experiment's folder that is there, too, so that its runs are doubles. */
    boolean isCopy(Path folder) {
        try {
            if (atIfSound(folder) != null) {
                return false;
            }
            Json json = store.documents().find(folder.resolve(Layout.EXPERIMENT));
            if (json == null) {
                return false;
            }
            String own = ExperimentJson.folder(json);
            Path original = own == null ? store.layout().experiment(json.text("name")) : folder.resolveSibling(own);
            Path active = store.layout().experiments().resolve(original.getFileName());
            return !folder.getFileName().equals(original.getFileName())
                    && (Files.exists(active.resolve(Layout.EXPERIMENT))
                            || Files.exists(inTrash(active).resolve(Layout.EXPERIMENT)));
        } catch (MlopsException | IOException | InvalidPathException damaged) {
            return false;
        }
    }

    /** Reads the experiment in a folder; null, with a warning, also if it is damaged. */
    @Nullable
    Experiment atIfSound(Path folder) {
        try {
            return at(folder);
        } catch (MlopsException | IOException e) {
            store.damage().unreadable(folder.resolve(Layout.EXPERIMENT), e);
            return null;
        }
    }

    /** Reads the experiment of a run's folder, wherever both lie; null if it is missing or damaged. */
    @Nullable
    Experiment ofRun(Path run) {
        Path active = store.layout().experiments().resolve(Disk.folderOf(run).getFileName());
        Experiment experiment = atIfSound(active);
        return experiment == null ? atIfSound(inTrash(active)) : experiment;
    }

    /** Puts a run into the experiment that its folder lies in. */
    RunInfo with(RunInfo run, Path folder) {
        return placing(Disk.folderOf(folder)).apply(run);
    }

    /**
     * Returns an operator that puts runs of this folder of runs into their experiment; into one of the folder's name if
     * the experiment is missing or damaged.
     */
    UnaryOperator<RunInfo> placing(Path runs) {
        Experiment experiment = ofRun(runs.resolve(Layout.RUN));
        if (experiment == null) {
            tellIfGone(runs);
        }
        return experiment == null
                ? run -> RunState.of(run).in(runs.getFileName().toString()).info()
                : run -> RunState.of(run).in(experiment).info();
    }

    private void tellIfGone(Path runs) {
        Path active = store.layout().experiments().resolve(runs.getFileName());
        Path file = active.resolve(Layout.EXPERIMENT);
        boolean there = Files.exists(file) || Files.exists(inTrash(active).resolve(Layout.EXPERIMENT));
        try {
            // Before the first run there may be no document yet.
            if (!there
                    && !Files.exists(file)
                    && store.disk().names(runs).stream().anyMatch(Layout::isRun)) {
                store.damage().gone(file);
            }
        } catch (IOException e) {
            store.damage().unreadable(runs, e);
        }
    }

    /** Returns whether an experiment is marked as deleted though its folder lies outside the trash. */
    boolean isHidden(Path folder) {
        Experiment experiment = atIfSound(folder);
        return experiment != null && experiment.deleted();
    }

    /** Lists the folders of experiments that are not in the trash, damaged ones included. */
    List<Path> active() throws IOException {
        return below(store.layout().experiments());
    }

    /**
     * Returns the folders in which runs of an experiment may lie, those for deleted runs included; they need not be
     * there.
     */
    List<Path> placesOf(Path experiment) {
        Path active = store.layout().experiments().resolve(experiment.getFileName());
        return List.of(active, store.layout().deletedRuns().resolve(experiment.getFileName()), inTrash(active));
    }

    /** Lists the folders that hold deleted runs. */
    List<Path> trashed() throws IOException {
        List<Path> folders = new ArrayList<>(trashedRuns());
        folders.addAll(below(store.layout().deletedExperiments()));
        return folders;
    }

    /** Lists the folders of runs that were deleted by themselves, one for each experiment. */
    List<Path> trashedRuns() throws IOException {
        return below(store.layout().deletedRuns());
    }

    /** Lists the folders of all experiments, in the trash or not. */
    List<Path> all() throws IOException {
        List<Path> folders = new ArrayList<>(active());
        folders.addAll(below(store.layout().deletedExperiments()));
        return folders;
    }

    /** Returns the place of an experiment's folder in the trash. */
    Path inTrash(Path experiment) {
        return store.layout().deletedExperiments().resolve(experiment.getFileName());
    }

    private List<Path> below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        // Desktops and editors leave files everywhere.
        return store.disk().names(folder).stream()
                .map(folder::resolve)
                .filter(Files::isDirectory)
                .toList();
    }
}
