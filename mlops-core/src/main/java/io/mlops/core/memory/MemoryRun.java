package io.mlops.core.memory;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.core.query.Pages;
import io.mlops.core.query.PointSummary;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One run and its points. Thread-safe. */
final class MemoryRun {
    /** The points of one key, equal ones once, and what all of them sum up to. */
    private record Series(NavigableSet<MetricPoint> points, PointSummary summary) {}

    private final Object lock = new Object();
    private final Map<String, Series> series = new HashMap<>();
    /** The points of each writer, in the order in which they came. */
    private final SortedMap<String, MetricColumns> written = new TreeMap<>();

    private final String experimentId;
    private RunInfo info;
    private @Nullable Instant deleted;
    private @Nullable RunEnvironment environment;

    MemoryRun(RunInfo info, String experimentId) {
        this.info = info;
        this.experimentId = experimentId;
    }

    RunId id() {
        return info().id();
    }

    String experimentId() {
        return experimentId;
    }

    boolean deletedBefore(Instant time) {
        synchronized (lock) {
            return deleted != null && deleted.isBefore(time);
        }
    }

    /** Refuses what the deletion of this run would refuse. */
    void checkDeletable() {
        RunState.of(info()).checkDeletable();
    }

    RunInfo info() {
        synchronized (lock) {
            Map<String, MetricSummary> metrics = new HashMap<>();
            series.forEach((key, points) -> metrics.put(key, points.summary().result()));
            return RunState.of(info).metrics(metrics).info();
        }
    }

    void change(List<RunChange> changes) {
        synchronized (lock) {
            info = RunState.of(info).apply(changes).info();
            for (RunChange change : changes) {
                if (change instanceof RunChange.Deleted now && deleted == null) {
                    deleted = now.at();
                } else if (change instanceof RunChange.Restored) {
                    deleted = null;
                } else if (change instanceof RunFact.RanIn ranIn) {
                    environment = ranIn.environment();
                }
            }
        }
    }

    @Nullable
    RunEnvironment environment() {
        synchronized (lock) {
            return environment;
        }
    }

    long append(MetricBatch batch) {
        synchronized (lock) {
            MetricColumns points = written.getOrDefault(batch.writer(), new MetricColumns());
            long stored = points.size();
            if (batch.offset() > stored) {
                throw new ConflictException(
                        "run " + info.id() + " has " + stored + " points of writer " + batch.writer()
                                + " and cannot take those from " + batch.offset() + " on: send what is between");
            }
            for (int i = (int) Math.min(stored - batch.offset(), batch.size()); i < batch.size(); i++) {
                add(batch, i);
                points.add(batch.key(batch.keyOf(i)), batch.step(i), batch.epochMillis(i), batch.value(i));
            }
            if (points.size() > 0) {
                written.put(batch.writer(), points);
            }
            return points.size();
        }
    }

    SortedMap<String, Long> written() {
        synchronized (lock) {
            SortedMap<String, Long> counts = new TreeMap<>();
            written.forEach((writer, points) -> counts.put(writer, (long) points.size()));
            return counts;
        }
    }

    MetricBatch read(String writer, long offset, int limit) {
        synchronized (lock) {
            return written.getOrDefault(writer, new MetricColumns())
                    .copy(offset, limit)
                    .batch(writer, offset);
        }
    }

    private void add(MetricBatch batch, int i) {
        Series points = series.computeIfAbsent(
                batch.key(batch.keyOf(i)), key -> new Series(new TreeSet<>(MetricPoint.BY_TIME), new PointSummary()));
        points.points().add(new MetricPoint(batch.step(i), Instant.ofEpochMilli(batch.epochMillis(i)), batch.value(i)));
        points.summary().add(batch.step(i), batch.epochMillis(i), batch.value(i));
    }

    Page<MetricPoint> history(String metric, PageRequest page) {
        synchronized (lock) {
            Series known = series.get(metric);
            if (known == null) {
                return new Page<>(List.of(), null);
            }
            String token = page.token();
            List<MetricPoint> rest = (token == null
                            ? known.points()
                            : known.points().tailSet(Pages.read(token, MemoryRun::parse), false))
                    .stream().limit(page.limit() + 1L).toList();
            return Pages.cut(rest, page.limit(), MemoryRun::token);
        }
    }

    private static String token(MetricPoint point) {
        return point.time().toEpochMilli() + " " + point.step() + " " + Double.doubleToLongBits(point.value());
    }

    private static MetricPoint parse(String token) {
        String[] parts = token.split(" ", 3);
        return new MetricPoint(
                Long.parseLong(parts[1]),
                Instant.ofEpochMilli(Long.parseLong(parts[0])),
                Double.longBitsToDouble(Long.parseLong(parts[2])));
    }
}
