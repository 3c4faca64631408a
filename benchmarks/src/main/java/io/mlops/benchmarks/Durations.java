package io.mlops.benchmarks;

import java.util.Arrays;
import java.util.List;

/** Keeps every single duration, so that no percentile is an estimate. Room is made beforehand. Not thread-safe. */
final class Durations {
    private final long[] nanos;
    private int size;

    Durations(int room) {
        nanos = new long[room];
    }

    /** The durations of several threads together. */
    static Durations all(List<Durations> parts) {
        Durations all = new Durations(parts.stream().mapToInt(part -> part.size).sum());
        for (Durations part : parts) {
            System.arraycopy(part.nanos, 0, all.nanos, all.size, part.size);
            all.size += part.size;
        }
        return all;
    }

    void add(long duration) {
        nanos[size++] = duration;
    }

    int count() {
        return size;
    }

    void clear() {
        size = 0;
    }

    double nanos(double percent) {
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(percent / 100 * size) - 1)];
    }

    double millis(double percent) {
        return nanos(percent) / 1e6;
    }
}
