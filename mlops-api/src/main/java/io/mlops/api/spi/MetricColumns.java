package io.mlops.api.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Points in columns that grow, 28 bytes each, for stores that gather or keep points one by one. Not thread-safe. */
public final class MetricColumns {
    private static final int FIRST_ROOM = 16;

    private final Map<String, Integer> indexOf = new HashMap<>();
    private final List<String> keys = new ArrayList<>();
    private int[] keyOf = new int[FIRST_ROOM];
    private long[] steps = new long[FIRST_ROOM];
    private long[] epochMillis = new long[FIRST_ROOM];
    private double[] values = new double[FIRST_ROOM];
    private int size;

    /** Columns without a point. */
    public MetricColumns() {}

    /** Adds a point behind the others. */
    public void add(String key, long step, long millis, double value) {
        if (size == values.length) {
            int room = 2 * size;
            keyOf = Arrays.copyOf(keyOf, room);
            steps = Arrays.copyOf(steps, room);
            epochMillis = Arrays.copyOf(epochMillis, room);
            values = Arrays.copyOf(values, room);
        }
        keyOf[size] = index(key);
        steps[size] = step;
        epochMillis[size] = millis;
        values[size] = value;
        size++;
    }

    private int index(String key) {
        Integer known = indexOf.putIfAbsent(key, keys.size());
        if (known == null) {
            keys.add(key);
            return keys.size() - 1;
        }
        return known;
    }

    /** The number of points. */
    public int size() {
        return size;
    }

    /** Copies points of a writer from an index on, as many as there are up to the limit, into columns of their own. */
    public MetricColumns copy(long from, int limit) {
        MetricColumns copy = new MetricColumns();
        for (long i = Math.max(0, from); i < size && copy.size < limit; i++) {
            int point = (int) i;
            copy.add(keys.get(keyOf[point]), steps[point], epochMillis[point], values[point]);
        }
        return copy;
    }

    /**
     * Wraps all points as those of a writer behind so many others; add no more while the batch is used.
     *
     * @throws IllegalArgumentException if there is no such writer, or the offset is negative
     */
    public MetricBatch batch(String writer, long offset) {
        return MetricBatch.wrap(
                writer, offset, 0, size, keys.toArray(String[]::new), keyOf, steps, epochMillis, values);
    }
}
