package io.mlops.backends.http.run;

import io.mlops.api.common.Limits;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.MetricWriters;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.backends.http.server.RunIds;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The points of runs for whoever copies them: a server knows them by metric only, so that each metric counts as a writer. Who
 * reads on where the last call ended costs the server each point once, however many metrics there are. Thread-safe.
 */
final class PointsByWriter {
    private static final int MOST_REMEMBERED = 64;
    private static final long BELIEVED_NANOS = Duration.ofSeconds(5).toNanos();

    private final RunIds ids;
    private final Histories histories;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    /** The runs that were read last; guarded by the lock. */
    private final Map<RunId, Reading> readings = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, Reading> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /**
     * How far a run was read.
     *
     * @param keys the metrics by writer, as they were then
     * @param writer whose points were read last; null before the first
     * @param offset how many of them
     * @param token for those after; null if there were none
     */
    private record Reading(
            String storeId,
            Map<String, String> keys,
            long lookedNanos,
            @Nullable String writer,
            long offset,
            @Nullable String token) {
        Reading at(String of, long points, @Nullable String next) {
            return new Reading(storeId, keys, lookedNanos, of, points, next);
        }

        boolean goesOn(String of, long from) {
            return of.equals(writer) && from == offset && token != null;
        }
    }

    PointsByWriter(RunIds ids, Histories histories, LongSupplier nanos) {
        this.ids = ids;
        this.histories = histories;
        this.nanos = nanos;
    }

    /** How many points each metric has. */
    SortedMap<String, Long> written(RunId run) {
        Reading reading = look(run);
        SortedMap<String, Long> written = new TreeMap<>();
        reading.keys().forEach((writer, key) -> {
            long points = 0;
            String token = null;
            do {
                Page<MetricPoint> page = page(reading, key, Limits.PAGE, token);
                points += page.items().size();
                token = page.next();
            } while (token != null);
            written.put(writer, points);
        });
        return written;
    }

    /** Points of one metric. */
    MetricBatch read(RunId run, String writer, long offset, int limit) {
        Reading reading = remembered(run, writer);
        MetricColumns points = new MetricColumns();
        String key = reading.keys().get(writer);
        if (key != null) {
            boolean goesOn = reading.goesOn(writer, offset);
            long skipped = goesOn ? offset : 0;
            String token = goesOn ? reading.token() : null;
            boolean more = true;
            while (more && points.size() < limit) {
                long wanted = Math.max(0, offset) - skipped;
                Page<MetricPoint> page = page(reading, key, wanted > 0 ? wanted : limit - points.size(), token);
                if (wanted > 0) {
                    skipped += page.items().size();
                } else {
                    page.items()
                            .forEach(point ->
                                    points.add(key, point.step(), point.time().toEpochMilli(), point.value()));
                }
                token = page.next();
                more = token != null;
            }
            remember(run, reading.at(writer, Math.max(0, offset) + points.size(), token));
        }
        return points.batch(writer, offset);
    }

    private Page<MetricPoint> page(Reading reading, String key, long limit, @Nullable String token) {
        return histories.page(reading.storeId(), key, new PageRequest((int) Math.min(limit, Limits.PAGE), token));
    }

    /** What is known of a run that has this writer, asked for if it is not known or not believed any more. */
    private Reading remembered(RunId run, String writer) {
        Reading known = known(run);
        if (known == null) {
            return look(run);
        }
        boolean isFresh = nanos.getAsLong() - known.lookedNanos() < BELIEVED_NANOS;
        if (isFresh && known.keys().containsKey(writer)) {
            return known;
        }
        Reading now = look(run);
        String last = known.writer();
        return last != null && known.storeId().equals(now.storeId())
                ? now.at(last, known.offset(), known.token())
                : now;
    }

    /**
     * Asks what metrics a run has.
     *
     * @throws NotFoundException if there is no such run
     */
    private Reading look(RunId run) {
        long now = nanos.getAsLong();
        Map<String, String> keys = new TreeMap<>();
        var found = ids.read(run);
        ids.info(found).metrics().keySet().forEach(key -> keys.put(MetricWriters.writer(key), key));
        Reading reading = new Reading(found.storeId(), Collections.unmodifiableMap(keys), now, null, 0, null);
        remember(run, reading);
        return reading;
    }

    private @Nullable Reading known(RunId run) {
        lock.lock();
        try {
            return readings.get(run);
        } finally {
            lock.unlock();
        }
    }

    private void remember(RunId run, Reading reading) {
        lock.lock();
        try {
            readings.put(run, reading);
        } finally {
            lock.unlock();
        }
    }
}
