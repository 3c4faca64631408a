package io.mlops.core.memory;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.query.RunSearch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Runs in memory. Thread-safe. */
final class MemoryRuns implements RunStore {
    private final Faults faults;
    private final MemoryExperiments experiments;
    private final Map<RunId, MemoryRun> byId = new ConcurrentHashMap<>();

    MemoryRuns(Faults faults, MemoryExperiments experiments) {
        this.faults = faults;
        this.experiments = experiments;
    }

    @Override
    public RunInfo create(RunDraft draft) {
        faults.check("create run " + draft.id());
        experiments.put(draft.experiment(), draft.started());
        return byId.computeIfAbsent(draft.id(), id -> new MemoryRun(draft.begun(id.value())))
                .info();
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        faults.check("find run " + run);
        return Optional.ofNullable(byId.get(run)).map(MemoryRun::info);
    }

    @Override
    public void change(RunId run, List<RunChange> changes) {
        faults.check("change run " + run);
        get(run).change(changes);
    }

    @Override
    public long append(RunId run, MetricBatch batch) {
        faults.check("append to run " + run);
        return get(run).append(batch);
    }

    @Override
    public Page<MetricPoint> history(RunId run, String metric, PageRequest page) {
        faults.check("read the history of run " + run);
        return get(run).history(metric, page);
    }

    @Override
    public Page<RunInfo> search(RunQuery query, PageRequest page) {
        faults.check("search runs");
        Stream<RunInfo> runs = byId.values().stream()
                .map(MemoryRun::info)
                .filter(run ->
                        query.experiments().isEmpty() || query.experiments().contains(run.experiment()));
        return RunSearch.of(query).page(runs, page);
    }

    MemoryRun get(RunId run) {
        MemoryRun found = byId.get(run);
        if (found == null) {
            throw new NotFoundException("no run " + run + " in memory");
        }
        return found;
    }
}
