package io.mlops.core.tracker;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
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
import io.mlops.core.memory.MemoryBackend;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/** Memory that refuses what a test says, with everything that comes in one call with it, and remembers its calls. */
final class PickyBackend implements Backend, RunStore {
    private final MemoryBackend memory = new MemoryBackend();
    private final List<RunDraft> drafts = new CopyOnWriteArrayList<>();
    private final List<Integer> batches = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Predicate<RunDraft> refusedDraft = draft -> false;
    private volatile Predicate<RunChange> refusedChange = change -> false;
    private volatile BiPredicate<String, MetricPoint> refusedPoint = (key, point) -> false;
    private volatile boolean locked;
    private volatile Function<String, RuntimeException> refusal = why -> new RefusedException(why, null);

    MemoryBackend memory() {
        return memory;
    }

    /** The drafts that came, in order. */
    List<RunDraft> drafts() {
        return drafts;
    }

    /** The sizes of the batches of points that came, in order. */
    List<Integer> batches() {
        return batches;
    }

    /** The number of calls that write. */
    int calls() {
        return calls.get();
    }

    PickyBackend refusingWith(Function<String, RuntimeException> exception) {
        refusal = exception;
        return this;
    }

    PickyBackend refusingDrafts(Predicate<RunDraft> refused) {
        refusedDraft = refused;
        return this;
    }

    PickyBackend refusingChanges(Predicate<RunChange> refused) {
        refusedChange = refused;
        return this;
    }

    PickyBackend refusingPoints(BiPredicate<String, MetricPoint> refused) {
        refusedPoint = refused;
        return this;
    }

    /** Refuses every change and every point, whatever it is, or stops doing so. */
    void locked(boolean now) {
        locked = now;
    }

    @Override
    public RunInfo create(RunDraft draft) {
        calls.incrementAndGet();
        drafts.add(draft);
        if (refusedDraft.test(draft)) {
            throw refusal.apply("400 bad run");
        }
        return memory.runs().create(draft);
    }

    @Override
    public void change(RunId run, List<RunChange> changes) {
        calls.incrementAndGet();
        if (locked || changes.stream().anyMatch(refusedChange)) {
            throw refusal.apply("400 bad request");
        }
        memory.runs().change(run, changes);
    }

    @Override
    public long append(RunId run, MetricBatch batch) {
        calls.incrementAndGet();
        batches.add(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            MetricPoint point =
                    new MetricPoint(batch.step(i), Instant.ofEpochMilli(batch.epochMillis(i)), batch.value(i));
            if (locked || refusedPoint.test(batch.key(batch.keyOf(i)), point)) {
                throw refusal.apply("400 bad batch");
            }
        }
        return memory.runs().append(run, batch);
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        return memory.runs().find(run);
    }

    @Override
    public Page<MetricPoint> history(RunId run, String metric, PageRequest page) {
        return memory.runs().history(run, metric, page);
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        return memory.runs().environment(run);
    }

    @Override
    public Page<RunInfo> search(RunQuery query, PageRequest page) {
        return memory.runs().search(query, page);
    }

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
        return this;
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
