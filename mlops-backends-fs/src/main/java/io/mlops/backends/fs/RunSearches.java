package io.mlops.backends.fs;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.index.RunIndexes;
import io.mlops.backends.fs.index.RunRecord;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.disk.Disk;
import io.mlops.core.query.RunSearch;
import io.mlops.core.query.SearchedRun;
import io.mlops.core.query.WholeRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The searches for runs, over the indexes of their experiments and over the trash. Thread-safe. */
final class RunSearches {
    /** Runs that are decoded at once for whoever reads all of a search. */
    private static final int CHUNK = 500;

    private final Store store;
    private final RunFolders folders;
    private final RunIndexes indexes;

    RunSearches(Store store, RunFolders folders, RunIndexes indexes) {
        this.store = store;
        this.folders = folders;
        this.indexes = indexes;
    }

    Page<RunInfo> page(RunQuery query, PageRequest page) {
        RunSearch search = RunSearch.of(query);
        return read(() -> search.page(runs(query), new Decoder()::whole, page));
    }

    /** Finds all runs of a query in one pass, which holds packed records and decodes a few of them at a time. */
    Iterator<RunInfo> all(RunQuery query) {
        RunSearch search = RunSearch.of(query);
        return new Found(read(() -> search.all(runs(query))));
    }

    private <T> T read(Disk.Step<T> step) {
        return store.read("search runs", store.layout().experiments(), step);
    }

    /** Gathers the runs that a query is about, each once. */
    private Stream<SearchedRun> runs(RunQuery query) throws IOException {
        List<SearchedRun> runs = new ArrayList<>();
        List<Path> places = experimentsOf(query);
        for (Path experiment : places) {
            collect(experiment, query.visibility(), runs);
        }
        if (query.visibility() == Visibility.ACTIVE) {
            return runs.stream();
        }
        // A run that is restored meanwhile is nowhere, and one that is deleted twice, unless one looks again.
        for (Path experiment : places) {
            if (!experiment.startsWith(store.layout().trash())) {
                collect(experiment, query.visibility(), runs);
            }
        }
        Set<String> seen = new HashSet<>();
        return runs.stream().filter(run -> seen.add(run.id()));
    }

    /**
     * Returns the folders in which runs of a query may lie. A deleted run may lie outside the trash if a process died
     * while it moved the run.
     */
    private List<Path> experimentsOf(RunQuery query) throws IOException {
        boolean trash = query.visibility() != Visibility.ACTIVE;
        List<Path> places = new ArrayList<>();
        if (query.experiments().isEmpty()) {
            places.addAll(folders.experiments().active());
            places.addAll(trash ? folders.experiments().trashed() : List.of());
            return places;
        }
        for (String name : new LinkedHashSet<>(query.experiments())) {
            Path folder = folderOf(name);
            if (folder != null) {
                places.addAll(folders.experiments().placesOf(folder).subList(0, trash ? 3 : 1));
            }
        }
        return places;
    }

    private @Nullable Path folderOf(String experiment) throws IOException {
        try {
            Path found = folders.experiments().find(experiment);
            Path natural = store.layout().experiment(experiment);
            // Without its document its runs are still there.
            boolean gone =
                    found == null && Files.isDirectory(natural) && !Files.exists(natural.resolve(Layout.EXPERIMENT));
            return gone ? natural : found;
        } catch (CorruptDataException e) {
            Path natural = store.layout().experiment(experiment);
            store.damage().unreadable(natural.resolve(Layout.EXPERIMENT), e);
            return natural;
        }
    }

    private void collect(Path experiment, Visibility visibility, List<SearchedRun> runs) throws IOException {
        if (folders.experiments().isCopy(experiment)) {
            return;
        }
        UnaryOperator<RunInfo> placed = folders.experiments().placing(experiment);
        Consumer<RunInfo> add = read -> {
            RunInfo run = placed.apply(read);
            if (visibility.shows(run.deleted())) {
                runs.add(new WholeRun(run));
            }
        };
        if (experiment.startsWith(store.layout().trash())) {
            for (String name : store.disk().manyNames(experiment)) {
                if (Layout.isRun(name)) {
                    folders.readIfSound(experiment.resolve(name)).ifPresent(add);
                }
            }
            return;
        }
        RunIndexes.Snapshot index = indexes.snapshot(experiment);
        boolean hidden = folders.experiments().isHidden(experiment);
        for (RunRecord record : index.records()) {
            if (visibility.shows(record.deleted() || hidden)) {
                runs.add(record);
            }
        }
        index.others().forEach(add);
    }

    /** Decodes runs, and looks at the experiment of many of them once. Not thread-safe. */
    private final class Decoder {
        private final Map<Path, UnaryOperator<RunInfo>> placing = new HashMap<>();

        RunInfo whole(SearchedRun found) {
            if (found instanceof RunRecord record) {
                return placing.computeIfAbsent(record.experiment(), folders.experiments()::placing)
                        .apply(record.run());
            }
            if (found instanceof WholeRun whole) {
                return whole.run();
            }
            throw new IllegalStateException("no whole run is known for " + found.id());
        }
    }

    /** All runs of a search, a few of which are decoded at a time. Not thread-safe. */
    private final class Found implements Iterator<RunInfo> {
        private final Iterator<SearchedRun> left;
        private final Deque<RunInfo> decoded = new ArrayDeque<>();

        Found(Iterator<SearchedRun> all) {
            this.left = all;
        }

        @Override
        public boolean hasNext() {
            return !decoded.isEmpty() || left.hasNext();
        }

        @Override
        public RunInfo next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the search has no more results");
            }
            if (decoded.isEmpty()) {
                decoded.addAll(read(this::decode));
            }
            return decoded.remove();
        }

        private List<RunInfo> decode() {
            Decoder decoder = new Decoder();
            List<RunInfo> chunk = new ArrayList<>();
            while (chunk.size() < CHUNK && left.hasNext()) {
                chunk.add(decoder.whole(left.next()));
            }
            return chunk;
        }
    }
}
