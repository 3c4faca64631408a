package io.mlops.api.spi;

import io.mlops.api.common.Listing;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The points of a run as if each metric had had a writer of its own, for stores that know the points by metric only. Not
 * for instances.
 */
public final class MetricWriters {
    /** Number of bytes of a key's digest in a writer's name, which has 40 characters with the prefix. */
    private static final int DIGEST_BYTES = 19;

    private MetricWriters() {}

    static SortedMap<String, Long> written(RunStore store, RunId run) {
        SortedMap<String, Long> written = new TreeMap<>();
        for (String key : store.get(run).metrics().keySet()) {
            written.put(writer(key), history(store, run, key).stream().count());
        }
        return written;
    }

    static MetricBatch read(RunStore store, RunId run, String writer, long offset, int limit) {
        MetricColumns points = new MetricColumns();
        Map<String, ?> metrics = store.get(run).metrics();
        metrics.keySet().stream()
                .filter(key -> writer(key).equals(writer))
                .findFirst()
                .ifPresent(key -> history(store, run, key).stream()
                        .skip(Math.max(0, offset))
                        .limit(Math.max(0, limit))
                        .forEach(point ->
                                points.add(key, point.step(), point.time().toEpochMilli(), point.value())));
        return points.batch(writer, offset);
    }

    private static Listing<MetricPoint> history(RunStore store, RunId run, String key) {
        return page -> store.history(run, key, page);
    }

    /** The writer that stands for a metric, the same in every process. */
    public static String writer(String key) {
        byte[] digest = ContentCopy.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
        return "m-" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    }
}
