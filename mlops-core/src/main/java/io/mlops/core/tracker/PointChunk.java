package io.mlops.core.tracker;

import io.mlops.api.spi.MetricBatch;

/**
 * Points in columns, 28 bytes each; used again and again. Guarded by the run's buffer, except that what lies below a size
 * that was read under the guard never changes, and may be read without.
 */
final class PointChunk {
    /** What an MLflow server takes at once, 1000 items, less the tag that says how many points of this writer it has. */
    static final int CAPACITY = 999;

    private final int[] keyOf = new int[CAPACITY];
    private final long[] steps = new long[CAPACITY];
    private final long[] epochMillis = new long[CAPACITY];
    private final double[] values = new double[CAPACITY];
    private int size;
    private long offset;

    /** Empties it for points that follow so many others of the writer. */
    void begin(long pointsBefore) {
        offset = pointsBefore;
        size = 0;
    }

    boolean full() {
        return size == CAPACITY;
    }

    /** The number of points that the writer recorded before these. */
    long offset() {
        return offset;
    }

    /** The number of points that the writer recorded up to the last of these. */
    long end() {
        return offset + size;
    }

    void add(int key, long step, long millis, double value) {
        keyOf[size] = key;
        steps[size] = step;
        epochMillis[size] = millis;
        values[size] = value;
        size++;
    }

    MetricBatch batch(String writer, long from, long to, String[] keys) {
        int first = (int) (from - offset);
        return MetricBatch.wrap(writer, from, first, (int) (to - from), keys, keyOf, steps, epochMillis, values);
    }
}
