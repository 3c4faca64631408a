package io.mlops.core.tracker;

import io.mlops.api.spi.MetricBatch;

/** Points in columns, 28 bytes each; used again and again. Guarded by whoever holds it. */
final class PointChunk {
    static final int CAPACITY = 1024;

    private final int[] keyOf = new int[CAPACITY];
    private final long[] steps = new long[CAPACITY];
    private final long[] epochMillis = new long[CAPACITY];
    private final double[] values = new double[CAPACITY];
    private int size;
    private long offset;

    boolean full() {
        return size == CAPACITY;
    }

    int size() {
        return size;
    }

    /** How many points the writer sent before these. */
    long offset() {
        return offset;
    }

    void add(int key, long step, long millis, double value) {
        keyOf[size] = key;
        steps[size] = step;
        epochMillis[size] = millis;
        values[size] = value;
        size++;
    }

    void seal(long pointsBefore) {
        offset = pointsBefore;
    }

    void clear() {
        size = 0;
    }

    MetricBatch batch(String writer, String[] keys) {
        return MetricBatch.wrap(writer, offset, size, keys, keyOf, steps, epochMillis, values);
    }
}
