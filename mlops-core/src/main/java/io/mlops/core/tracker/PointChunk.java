package io.mlops.core.tracker;

import io.mlops.api.spi.MetricBatch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;

/**
 * Points in columns, 28 bytes each; used again and again. Guarded by the run's buffer, except that the delivery thread may
 * read without the guard what lies below a size that it read under it: it alone changes anything there.
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

    int keyOf(long point) {
        return keyOf[(int) (point - offset)];
    }

    /** Takes points out, for the delivery thread: those after them count as if these had never been recorded. */
    void remove(long from, long to) {
        int first = (int) (from - offset);
        int after = (int) (to - offset);
        int rest = size - after;
        System.arraycopy(keyOf, after, keyOf, first, rest);
        System.arraycopy(steps, after, steps, first, rest);
        System.arraycopy(epochMillis, after, epochMillis, first, rest);
        System.arraycopy(values, after, values, first, rest);
        size = first + rest;
    }

    /** Notes that so many points of earlier chunks were taken out. */
    void moveUp(long count) {
        offset -= count;
    }

    /** Brings the points of some keys behind the others, each key's together, for the delivery thread. */
    void group(long from, long to, Set<Integer> last) {
        int first = (int) (from - offset);
        Integer[] order = new Integer[(int) (to - from)];
        Arrays.setAll(order, i -> first + i);
        // The sort is stable: points of one key keep their order.
        Arrays.sort(order, Comparator.comparingInt(i -> last.contains(keyOf[i]) ? keyOf[i] : -1));
        int[] oldKeys = keyOf.clone();
        long[] oldSteps = steps.clone();
        long[] oldMillis = epochMillis.clone();
        double[] oldValues = values.clone();
        for (int i = 0; i < order.length; i++) {
            int old = order[i];
            keyOf[first + i] = oldKeys[old];
            steps[first + i] = oldSteps[old];
            epochMillis[first + i] = oldMillis[old];
            values[first + i] = oldValues[old];
        }
    }

    MetricBatch batch(String writer, long from, long to, String[] keys) {
        int first = (int) (from - offset);
        return MetricBatch.wrap(writer, from, first, (int) (to - from), keys, keyOf, steps, epochMillis, values);
    }
}
