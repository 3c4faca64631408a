package io.mlops.core.memory;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunState;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.query.RunSearch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Runs as {@link WeakBackend} keeps them: changed in parts, found by position, with numbers that are not quite exact. */
final class WeakRuns implements RunStore {
    private final RunStore kept;
    private final Predicate<Capability> breaks;
    /** Runs as they were in the middle of their last change. */
    private final Map<RunId, RunInfo> halfChanged = new ConcurrentHashMap<>();

    private final AtomicLong writers = new AtomicLong();

    WeakRuns(RunStore kept, Predicate<Capability> breaks) {
        this.kept = kept;
        this.breaks = breaks;
    }

    @Override
    public RunInfo create(RunDraft draft) {
        return weak(kept.create(draft));
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        RunInfo half = WeakBackend.isRace() ? halfChanged.get(run) : null;
        return half == null ? kept.find(run).map(this::weak) : Optional.of(half);
    }

    @Override
    public RunInfo get(RunId run) {
        return weak(kept.get(run));
    }

    @Override
    public void change(RunId run, List<RunChange> changes) {
        if (!breaks.test(Capability.ATOMIC_CHANGES) || changes.size() < 2) {
            kept.change(run, changes);
            return;
        }
        var unused = RunState.of(kept.get(run)).apply(changes);
        int half = changes.size() / 2;
        kept.change(run, changes.subList(0, half));
        halfChanged.put(run, weak(kept.get(run)));
        kept.change(run, changes.subList(half, changes.size()));
    }

    @Override
    public long append(RunId run, MetricBatch batch) {
        MetricBatch sent = breaks.test(Capability.EXACT_METRICS) ? rounded(batch) : batch;
        if (!breaks.test(Capability.BATCH_OFFSETS)) {
            return kept.append(run, sent);
        }
        long unused = kept.append(run, unknown(run, sent));
        return batch.offset() + batch.size();
    }

    private static MetricBatch rounded(MetricBatch batch) {
        double[] values = new double[batch.size()];
        for (int i = 0; i < values.length; i++) {
            double exact = batch.value(i);
            values[i] = Double.isInfinite(exact) ? Math.copySign(Double.MAX_VALUE, exact) : exact + 0.0;
        }
        return rewritten(batch, batch.writer(), batch.offset(), values, indices(batch));
    }

    private static List<Integer> indices(MetricBatch batch) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            all.add(i);
        }
        return all;
    }

    /** The points of the batch that the run does not have, from a writer that nobody knows. */
    private MetricBatch unknown(RunId run, MetricBatch batch) {
        Map<String, Set<MetricPoint>> known = new HashMap<>();
        List<Integer> left = new ArrayList<>();
        double[] values = new double[batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            values[i] = batch.value(i);
            Set<MetricPoint> points = known.computeIfAbsent(batch.key(batch.keyOf(i)), key -> points(run, key));
            if (points.add(new MetricPoint(batch.step(i), Instant.ofEpochMilli(batch.epochMillis(i)), values[i]))) {
                left.add(i);
            }
        }
        return rewritten(batch, "nobody-" + writers.incrementAndGet(), 0, values, left);
    }

    private Set<MetricPoint> points(RunId run, String key) {
        Set<MetricPoint> all = new HashSet<>();
        Page<MetricPoint> page = kept.history(run, key, PageRequest.first(1000));
        all.addAll(page.items());
        while (page.next() != null) {
            page = kept.history(run, key, new PageRequest(1000, page.next()));
            all.addAll(page.items());
        }
        return all;
    }

    private static MetricBatch rewritten(
            MetricBatch batch, String writer, long offset, double[] values, List<Integer> chosen) {
        String[] keys = new String[batch.keyCount()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = batch.key(i);
        }
        return MetricBatch.wrap(
                writer,
                offset,
                0,
                chosen.size(),
                keys,
                chosen.stream().mapToInt(batch::keyOf).toArray(),
                chosen.stream().mapToLong(batch::step).toArray(),
                chosen.stream().mapToLong(batch::epochMillis).toArray(),
                chosen.stream().mapToDouble(i -> values[i]).toArray());
    }

    @Override
    public long missing(RunId run, String writer) {
        return kept.missing(run, writer);
    }

    @Override
    public Page<MetricPoint> history(RunId run, String metric, PageRequest page) {
        return kept.history(run, metric, page);
    }

    @Override
    public void discard(RunId run) {
        if (breaks.test(Capability.PURGE)) {
            RunStore.super.discard(run);
        } else {
            kept.discard(run);
        }
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        return kept.environment(run);
    }

    /** Without stable pages, by position. */
    @Override
    public Page<RunInfo> search(RunQuery query, PageRequest page) {
        if (!breaks.test(Capability.STABLE_PAGES)) {
            return RunSearch.of(query).page(runs(query), page);
        }
        List<RunInfo> all = new ArrayList<>();
        searchAll(query).forEachRemaining(all::add);
        String listing = " token of " + query.hashCode();
        int from = Math.min(page.token() == null ? 0 : position(page.token(), listing), all.size());
        int to = Math.min(from + page.limit(), all.size());
        return new Page<>(all.subList(from, to), to < all.size() ? to + listing : null);
    }

    private static int position(String token, String listing) {
        if (!token.matches("[0-9]{1,9}" + listing)) {
            throw new IllegalArgumentException("the token is not of this search");
        }
        return Integer.parseInt(token.substring(0, token.indexOf(' ')));
    }

    @Override
    public Iterator<RunInfo> searchAll(RunQuery query) {
        return RunSearch.of(query).allOf(runs(query));
    }

    private Stream<RunInfo> runs(RunQuery query) {
        List<RunInfo> all = new ArrayList<>();
        kept.searchAll(RunQuery.of().visibility(Visibility.ALL)).forEachRemaining(all::add);
        return all.stream()
                .filter(run ->
                        query.experiments().isEmpty() || query.experiments().contains(run.experiment()))
                .map(this::weak);
    }

    private RunInfo weak(RunInfo run) {
        if (!breaks.test(Capability.METRIC_RANGES)) {
            return run;
        }
        Map<String, MetricSummary> metrics = new HashMap<>();
        run.metrics().forEach((key, summary) -> metrics.put(key, new MetricSummary(summary.latest(), null)));
        return RunState.of(run).metrics(metrics).info();
    }
}
