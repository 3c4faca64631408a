package io.mlops.backends.fs;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.event.MetricSummaries;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.query.NotFound;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The folders of runs, for finding and reading. Thread-safe. */
final class RunFolders {
    private static final int MAX_REMEMBERED = 10_000;
    /** Age from which on an empty folder is that of a dead process: a living one makes its run within milliseconds. */
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    /** Number of moves of one run that one read follows. */
    private static final int MAX_MOVES = 5;

    private final Store store;
    private final ExperimentFolders experiments;
    private final MetricSummaries summaries;
    /** Folders in which runs were found; a run may have moved since. */
    private final Map<RunId, Path> known = new ConcurrentHashMap<>();

    RunFolders(Store store, ExperimentFolders experiments) {
        this.store = store;
        this.experiments = experiments;
        this.summaries = new MetricSummaries(store);
    }

    ExperimentFolders experiments() {
        return experiments;
    }

    MetricSummaries summaries() {
        return summaries;
    }

    /** Finds the folder of a run, in any experiment or in the trash; null if there is none. */
    @Nullable
    Path find(RunId run) throws IOException {
        Path remembered = known.get(run);
        if (remembered != null && Files.exists(remembered.resolve(Layout.RUN))) {
            return remembered;
        }
        Path found = findIn(experiments.active(), run);
        if (found == null && Files.exists(store.layout().trash())) {
            found = findIn(experiments.trashed(), run);
            // Another process may have restored it between the two looks.
            return found == null ? findIn(experiments.active(), run) : found;
        }
        return found;
    }

    /** Finds the folder of a run whose document is there and not empty; null if there is none. */
    @Nullable
    Path findWhole(RunId run) throws IOException {
        Path folder = find(run);
        for (int move = 0; move < MAX_MOVES && folder != null && document(folder) == null; move++) {
            Path now = find(run);
            if (folder.equals(now)) {
                return null;
            }
            folder = now;
        }
        return folder;
    }

    /** A step that reads a run in its folder. */
    @FunctionalInterface
    interface InFolder<T extends @Nullable Object> {
        /** Reads; the run may have left the folder meanwhile. */
        T read(Path folder) throws IOException;
    }

    /**
     * Reads something of a run in its folder, anew for as long as another process moves it away by a deletion or a
     * restoration.
     *
     * @throws NotFoundException if there is no such run
     */
    <T extends @Nullable Object> T reading(RunId run, InFolder<T> step) throws IOException {
        Path folder = get(run);
        for (int move = 0; move < MAX_MOVES; move++) {
            try {
                T result = step.read(folder);
                Path now = find(run);
                if (folder.equals(now)) {
                    return result;
                }
                folder = now == null ? folder : now;
            } catch (NotFoundException | FileSystemException e) {
                Path now = find(run);
                if (now == null || now.equals(folder)) {
                    throw e;
                }
                folder = now;
            }
        }
        return step.read(folder);
    }

    private @Nullable Path findIn(List<Path> experimentFolders, RunId run) {
        for (Path experiment : experimentFolders) {
            Path folder = Layout.run(experiment, run);
            if (Files.exists(folder.resolve(Layout.RUN)) && !experiments.isCopy(experiment)) {
                remember(run, folder);
                return folder;
            }
        }
        return null;
    }

    /**
     * Finds the folder of a run, in any experiment or in the trash.
     *
     * @throws NotFoundException if there is no such run
     */
    Path get(RunId run) throws IOException {
        Path folder = find(run);
        if (folder == null) {
            throw notFound(run);
        }
        return folder;
    }

    /**
     * Finds the folder of a run that is to be written to, which no link leads to.
     *
     * @throws NotFoundException if there is no such run
     */
    Path toWrite(RunId run) throws IOException {
        Path folder = get(run);
        store.links().check(folder);
        return folder;
    }

    NotFoundException notFound(RunId run) {
        if (!store.exists()) {
            return NotFound.store("run " + run, store.layout().address());
        }
        List<String> there = new ArrayList<>();
        try {
            List<Path> places = new ArrayList<>(experiments.active());
            places.addAll(experiments.trashed());
            for (Path experiment : places) {
                store.disk().manyNames(experiment).stream()
                        .filter(Layout::isRun)
                        .forEach(there::add);
            }
        } catch (IOException e) {
            return new NotFoundException(
                    "no run " + run + " in " + store.layout().address());
        }
        return NotFound.run(run, store.layout().address(), there);
    }

    void forget(RunId run) {
        known.remove(run);
    }

    void remember(RunId run, Path folder) {
        if (known.size() > MAX_REMEMBERED) {
            known.clear();
        }
        known.put(run, folder);
    }

    /**
     * Reads the document of a run; null if it is missing, or empty: the name of a new run's file is not synced at once,
     * and a power cut may leave just that name.
     */
    @Nullable
    Json document(Path folder) throws IOException {
        Json json = store.documents().findUnlessEmpty(folder.resolve(Layout.RUN));
        if (json != null) {
            Layout.checkOwn(json, "id", folder);
        }
        return json;
    }

    /**
     * Reads the document of a run in its folder.
     *
     * @throws NotFoundException if it is missing or empty
     */
    Json document(RunId run, Path folder) throws IOException {
        Json json = document(folder);
        if (json == null) {
            throw notFound(run);
        }
        return json;
    }

    /** Returns whether a living process may be writing the run of this document. */
    boolean mayBeWritten(Json json) {
        return RunJson.mayBeWritten(json, store.owners());
    }

    /** Reads a run as it is now; empty if there is none in the folder. */
    Optional<RunInfo> read(Path folder) throws IOException {
        return readAlone(folder).map(run -> experiments.with(run, folder));
    }

    private Optional<RunInfo> readAlone(Path folder) throws IOException {
        Json json = document(folder);
        if (json == null) {
            removeIfAbandoned(folder);
            return Optional.empty();
        }
        RunInfo run = RunJson.read(json, "");
        if (run.status().ended()) {
            summaries.compare(folder, json);
            return Optional.of(run);
        }
        // Its writer brings the sums up to date now and then, or has died before it could.
        return Optional.of(RunState.of(run)
                .metrics(summaries.current(folder, json, run.metrics()))
                .orphaned(RunJson.owner(json) != null && !mayBeWritten(json))
                .info());
    }

    /** Removes the empty folder that a process left which died just before it could make the run in it. */
    private void removeIfAbandoned(Path folder) {
        try {
            if (store.writable() && store.links().find(folder) == null && Files.isDirectory(folder)) {
                Instant touched = Files.getLastModifiedTime(folder).toInstant();
                if (touched.isBefore(Instant.now().minus(ABANDONED_AFTER))
                        && store.disk().names(folder).isEmpty()) {
                    store.disk().delete(folder);
                }
            }
        } catch (IOException filledOrNotOurs) {
            // It stays.
            return;
        }
    }

    /** Reads a run as one of an experiment without a name; empty, with a warning, also if it is damaged. */
    Optional<RunInfo> readIfSound(Path folder) {
        try {
            return readAlone(folder);
        } catch (MlopsException | IOException e) {
            store.damage().unreadable(folder.resolve(Layout.RUN), e);
            return Optional.empty();
        }
    }
}
