package io.mlops.core.memory;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunState;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.query.NotFound;
import io.mlops.core.query.RunSearch;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs in memory. Thread-safe. */
final class MemoryRuns implements RunStore {
    private final Faults faults;
    private final ExperimentTable experiments;
    private final Consumer<RunId> removal;
    private final Map<RunId, MemoryRun> byId = new ConcurrentHashMap<>();

    /**
     * Makes the runs of these experiments.
     *
     * @param removal removes what other stores have of a run that is discarded
     */
    MemoryRuns(Faults faults, ExperimentTable experiments, Consumer<RunId> removal) {
        this.faults = faults;
        this.experiments = experiments;
        this.removal = removal;
    }

    @Override
    public RunInfo create(RunDraft draft) {
        faults.check("create run " + draft.id());
        MemoryRun there = byId.get(draft.id());
        if (there == null) {
            String experiment =
                    experiments.ensure(draft.experiment(), draft.started()).storeId();
            there = byId.computeIfAbsent(draft.id(), id -> new MemoryRun(draft.begun(id.value()), experiment));
        }
        return info(there);
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        faults.check("find run " + run);
        return Optional.ofNullable(byId.get(run)).map(this::info);
    }

    @Override
    public RunInfo get(RunId run) {
        faults.check("find run " + run);
        return info(of(run));
    }

    @Override
    public void change(RunId run, List<RunChange> changes) {
        faults.check("change run " + run);
        MemoryRun there = of(run);
        if (info(there).deleted() && !there.info().deleted() && !changes.isEmpty()) {
            throw new ConflictException("the experiment of run " + run + " is deleted: restore that first");
        }
        there.change(changes);
    }

    @Override
    public long append(RunId run, MetricBatch batch) {
        faults.check("append to run " + run);
        return of(run).append(batch);
    }

    @Override
    public Page<MetricPoint> history(RunId run, String metric, PageRequest page) {
        faults.check("read the history of run " + run);
        return of(run).history(metric, page);
    }

    @Override
    public SortedMap<String, Long> written(RunId run) {
        faults.check("count the points of run " + run);
        return of(run).written();
    }

    @Override
    public MetricBatch read(RunId run, String writer, long offset, int limit) {
        faults.check("read the points of run " + run);
        return of(run).read(writer, offset, limit);
    }

    @Override
    public void discard(RunId run) {
        faults.check("discard run " + run);
        byId.remove(run);
        removal.accept(run);
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        faults.check("read the environment of run " + run);
        return Optional.ofNullable(of(run).environment());
    }

    @Override
    public Page<RunInfo> search(RunQuery query, PageRequest page) {
        RunSearch search = RunSearch.of(query);
        faults.check("search runs");
        return search.page(runs(query), page);
    }

    @Override
    public Iterator<RunInfo> searchAll(RunQuery query) {
        RunSearch search = RunSearch.of(query);
        faults.check("search runs");
        return search.allOf(runs(query));
    }

    private Stream<RunInfo> runs(RunQuery query) {
        return byId.values().stream()
                .map(this::info)
                .filter(run ->
                        query.experiments().isEmpty() || query.experiments().contains(run.experiment()));
    }

    MemoryRun of(RunId run) {
        MemoryRun found = byId.get(run);
        if (found == null) {
            throw NotFound.run(
                    run,
                    MemoryBackend.NAME,
                    byId.keySet().stream().map(RunId::value).toList());
        }
        return found;
    }

    /** The runs of an experiment. */
    List<MemoryRun> in(String experimentId) {
        return byId.values().stream()
                .filter(run -> run.experimentId().equals(experimentId))
                .toList();
    }

    void remove(MemoryRun run) {
        byId.remove(run.id());
    }

    /** A run as it is now, under the name that its experiment has now. */
    private RunInfo info(MemoryRun run) {
        RunInfo info = run.info();
        Experiment experiment = experiments.byId(run.experimentId());
        return experiment == null ? info : RunState.of(info).in(experiment).info();
    }
}
