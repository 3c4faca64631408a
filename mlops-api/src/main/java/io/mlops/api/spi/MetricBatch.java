package io.mlops.api.spi;

import io.mlops.api.common.Names;
import io.mlops.api.common.Times;
import java.util.regex.Pattern;

/**
 * Points of one writer, in order, in columns. A store reads it during the call and keeps nothing of it: the arrays are
 * used again. Not thread-safe.
 */
public final class MetricBatch {
    private static final Pattern WRITER = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    private final String writer;
    private final long offset;
    private final int first;
    private final int size;
    private final String[] keys;
    private final int[] keyOf;
    private final long[] steps;
    private final long[] epochMillis;
    private final double[] values;

    private MetricBatch(
            String writer,
            long offset,
            int first,
            int size,
            String[] keys,
            int[] keyOf,
            long[] steps,
            long[] epochMillis,
            double[] values) {
        this.writer = writer;
        this.offset = offset;
        this.first = first;
        this.size = size;
        this.keys = keys;
        this.keyOf = keyOf;
        this.steps = steps;
        this.epochMillis = epochMillis;
        this.values = values;
    }

    /**
     * Wraps the arrays as they are; leave them alone until the call with the batch has returned.
     *
     * @param writer 1 to 40 of {@code a-z 0-9 -}; one per object that records
     * @param offset how many points this writer sent before
     * @param first where in the arrays the points begin
     * @param size how many points there are; the arrays may be longer
     * @param keys what {@code keyOf} points into; may hold more keys than the batch uses
     */
    public static MetricBatch wrap(
            String writer,
            long offset,
            int first,
            int size,
            String[] keys,
            int[] keyOf,
            long[] steps,
            long[] epochMillis,
            double[] values) {
        if (!WRITER.matcher(writer).matches()) {
            throw new IllegalArgumentException("writer must be 1 to 40 of a-z, 0-9 and '-'");
        }
        int room = Math.min(Math.min(keyOf.length, steps.length), Math.min(epochMillis.length, values.length));
        if (offset < 0 || first < 0 || size < 0 || size > room - first) {
            throw new IllegalArgumentException(
                    "offset " + offset + ", first " + first + " or size " + size + " is out of range");
        }
        return new MetricBatch(writer, offset, first, size, keys, keyOf, steps, epochMillis, values);
    }

    /** A batch of one key, for tests and small tools. */
    public static MetricBatch of(
            String writer, long offset, String key, long[] steps, long[] epochMillis, double[] values) {
        Names.checkKey("metric", key);
        return wrap(
                writer,
                offset,
                0,
                values.length,
                new String[] {key},
                new int[values.length],
                steps,
                epochMillis,
                values);
    }

    /** The writer that sent the points. */
    public String writer() {
        return writer;
    }

    /** The number of points that this writer sent before. */
    public long offset() {
        return offset;
    }

    /** The number of points. */
    public int size() {
        return size;
    }

    /** The number of keys that {@link #keyOf} may name; some may be unused. */
    public int keyCount() {
        return keys.length;
    }

    /** The key at an index that {@link #keyOf} gave. */
    public String key(int keyIndex) {
        return keys[keyIndex];
    }

    /** The index of a point's key. */
    public int keyOf(int point) {
        return keyOf[first + point];
    }

    /** A point's step. */
    public long step(int point) {
        return steps[first + point];
    }

    /** A point's time, in milliseconds since 1970 UTC; the nearest one that is kept, from 1970 to year 9999. */
    public long epochMillis(int point) {
        return Times.storablePoint(epochMillis[first + point]);
    }

    /** A point's value. */
    public double value(int point) {
        return values[first + point];
    }
}
