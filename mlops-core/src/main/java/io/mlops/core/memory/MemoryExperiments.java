package io.mlops.core.memory;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Purged;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.query.ExperimentSearch;
import java.time.Instant;
import java.util.Optional;

/** Experiments in memory. Thread-safe. */
final class MemoryExperiments implements ExperimentStore {
    private final Faults faults;
    private final ExperimentTable table;
    private final MemoryRuns runs;
    private final MemoryArtifacts artifacts;

    MemoryExperiments(Faults faults, ExperimentTable table, MemoryRuns runs, MemoryArtifacts artifacts) {
        this.faults = faults;
        this.table = table;
        this.runs = runs;
        this.artifacts = artifacts;
    }

    @Override
    public Experiment ensure(String name, Instant at) {
        faults.check("make experiment " + name);
        return table.ensure(name, at);
    }

    @Override
    public Optional<Experiment> find(String name) {
        faults.check("find experiment " + name);
        return table.find(name);
    }

    @Override
    public Page<Experiment> search(String filter, Visibility visibility, PageRequest page) {
        ExperimentSearch search = ExperimentSearch.of(filter, visibility);
        faults.check("search experiments");
        return search.page(table.all(), page);
    }

    @Override
    public void change(String name, ExperimentChange change, Instant at) {
        faults.check("change experiment " + name);
        if (change instanceof ExperimentChange.Deleted) {
            runs.in(table.get(name).storeId()).forEach(run -> run.checkDeletable());
        }
        table.change(name, change, at);
    }

    @Override
    public PurgeStep purge(Instant deletedBefore) {
        faults.check("purge");
        Purged removed = Purged.NOTHING;
        for (Experiment experiment : table.all()) {
            boolean gone = experiment.deleted() && experiment.updated().isBefore(deletedBefore);
            for (MemoryRun run : runs.in(experiment.storeId())) {
                if (gone || run.deletedBefore(deletedBefore)) {
                    runs.remove(run);
                    removed = removed.plus(artifacts.remove(run.id()));
                }
            }
            if (gone) {
                table.remove(experiment.storeId());
            }
        }
        return new PurgeStep(removed, 0);
    }
}
