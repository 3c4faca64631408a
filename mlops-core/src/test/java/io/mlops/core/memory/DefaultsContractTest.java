package io.mlops.core.memory;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.contract.BackendContract;
import io.mlops.core.Mlops;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tests what a store does that has only what it must have. */
final class DefaultsContractTest extends BackendContract {
    private record Bare(WeakBackend memory) implements Backend {
        @Override
        public BackendInfo info() {
            return memory.info();
        }

        @Override
        public ExperimentStore experiments() {
            return memory.experiments();
        }

        @Override
        public RunStore runs() {
            return new BareRuns(memory.runs());
        }

        @Override
        public ArtifactStore artifacts() {
            return memory.artifacts();
        }

        @Override
        public ModelStore models() {
            return memory.models();
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    private record BareRuns(RunStore runs) implements RunStore {
        @Override
        public RunInfo create(RunDraft draft) {
            return runs.create(draft);
        }

        @Override
        public Optional<RunInfo> find(RunId run) {
            return runs.find(run);
        }

        /** Not what the interface has, since the contract wants to know the store's name. */
        @Override
        public RunInfo get(RunId run) {
            return runs.get(run);
        }

        @Override
        public void change(RunId run, List<RunChange> changes) {
            runs.change(run, changes);
        }

        @Override
        public long append(RunId run, MetricBatch batch) {
            return runs.append(run, batch);
        }

        @Override
        public Page<MetricPoint> history(RunId run, String metric, PageRequest page) {
            return runs.history(run, metric, page);
        }

        @Override
        public Optional<RunEnvironment> environment(RunId run) {
            return runs.environment(run);
        }

        @Override
        public Page<RunInfo> search(RunQuery query, PageRequest page) {
            return runs.search(query, page);
        }
    }

    @Override
    protected Backend open() {
        return new Bare(new WeakBackend(Set.of(Capability.PURGE), Set.of(Capability.PURGE)));
    }

    @Override
    protected Services services(Backend opened) {
        Mlops mlops = Mlops.using(opened);
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
