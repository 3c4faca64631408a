package io.mlops.backends.http.run;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.RunDocuments;
import io.mlops.backends.http.wire.JsonBody;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The request for some points of a batch: sorted by key, equal ones once, with the tag that tells how many points of the
 * writer the server has then. Immutable.
 */
final class PointRequest implements JsonBody {
    /** Number of items that a server takes at once, tags included. */
    private static final int MAX_ITEMS = 1000;

    private static final int MAX_TAGS = 100;

    /** Number of bytes of a point but its key, at most. */
    private static final int FRAME = 110;

    private final String storeId;
    private final MetricBatch batch;
    private final int to;
    private final Integer[] points;
    private final Map<String, String> tags;

    private PointRequest(String storeId, MetricBatch batch, int to, Integer[] points, Map<String, String> tags) {
        this.storeId = storeId;
        this.batch = batch;
        this.to = to;
        this.points = points;
        this.tags = tags;
    }

    /**
     * Takes as many points from an index on as one request may have.
     *
     * @param most so many at most
     */
    static PointRequest of(String storeId, MetricBatch batch, int from, int most, LatestPoints latest) {
        Map<String, String> tags = new TreeMap<>();
        int[] keyBytes = new int[batch.keyCount()];
        int bytes = 0;
        int to = from;
        while (to < batch.size() && to - from < most) {
            int key = batch.keyOf(to);
            if (keyBytes[key] == 0) {
                keyBytes[key] = Batches.bytes(batch.key(key));
            }
            bytes += FRAME + keyBytes[key];
            MetricPoint hidden = latest.add(batch.key(key), batch.step(to), batch.epochMillis(to), batch.value(to));
            Map<String, String> more = hidden == null ? Map.of() : RunDocuments.latest(batch.key(key), hidden);
            int items = to - from + 1 + tags.size() + more.size() + 1;
            if (to > from && (bytes > Batches.MAX_BYTES || items > MAX_ITEMS || tags.size() + 1 >= MAX_TAGS)) {
                break;
            }
            tags.putAll(more);
            to++;
        }
        return new PointRequest(storeId, batch, to, sorted(batch, from, to), tags).withTag();
    }

    private PointRequest withTag() {
        Map<String, String> all = new TreeMap<>(tags);
        all.put(Reserved.SENT + batch.writer(), Long.toString(stored()));
        return new PointRequest(storeId, batch, to, points, all);
    }

    /** The same request for the run that the server calls so, with those of its points only that are wanted. */
    PointRequest only(IntPredicate wanted) {
        Integer[] some = Arrays.stream(points).filter(wanted::test).toArray(Integer[]::new);
        return new PointRequest(storeId, batch, to, some, tags);
    }

    /** The index of the first point of the batch after those of this request. */
    int to() {
        return to;
    }

    /** The number of points that the request sends. */
    int size() {
        return points.length;
    }

    /** How many points of the writer the server has once it did this. */
    long stored() {
        return batch.offset() + to;
    }

    /** The indexes of the points, in the order of their keys. */
    Integer[] points() {
        return points.clone();
    }

    private static Integer[] sorted(MetricBatch batch, int from, int to) {
        Integer[] points = new Integer[to - from];
        Arrays.setAll(points, i -> from + i);
        Comparator<Integer> order = Comparator.<Integer, String>comparing(i -> batch.key(batch.keyOf(i)))
                .thenComparingLong(batch::epochMillis)
                .thenComparingLong(batch::step)
                .thenComparingDouble(i -> kept(batch.value(i)));
        Arrays.sort(points, order);
        int size = 0;
        for (Integer point : points) {
            if (size == 0 || order.compare(points[size - 1], point) != 0) {
                points[size] = point;
                size++;
            }
        }
        return Arrays.copyOf(points, size);
    }

    /** The double that servers make of one. */
    static double kept(double value) {
        if (Double.isInfinite(value)) {
            return Math.copySign(Double.MAX_VALUE, value);
        }
        return value == 0 ? 0.0 : value;
    }

    @Override
    public void writeTo(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("run_id", storeId);
        out.writeArrayFieldStart("metrics");
        for (int point : points) {
            out.writeStartObject();
            out.writeStringField("key", batch.key(batch.keyOf(point)));
            double value = batch.value(point);
            if (Double.isFinite(value)) {
                out.writeNumberField("value", value);
            } else {
                out.writeStringField("value", Double.toString(value));
            }
            out.writeNumberField("timestamp", batch.epochMillis(point));
            out.writeNumberField("step", batch.step(point));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("tags");
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            out.writeStartObject();
            out.writeStringField("key", tag.getKey());
            out.writeStringField("value", tag.getValue());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
