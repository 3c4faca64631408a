package io.mlops.backends.fs.index;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers for the keys that the runs of an experiment share, so that each is kept once. Only grows. Thread-safe. */
final class KeyTable {
    private static final int OVERHEAD = 100;

    private final Path experiment;
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    // Written under the monitor of this, read without: a number is given out after all of these hold its key.
    private volatile String[] keys = new String[64];
    private volatile int size;
    private volatile long characters;

    KeyTable(Path experiment) {
        this.experiment = experiment;
    }

    /** The folder of the experiment. */
    Path experiment() {
        return experiment;
    }

    /** The number of a key; -1 if no run has it. */
    int find(String key) {
        return numbers.getOrDefault(key, -1);
    }

    /** The number of a key, which gets one if it has none. */
    int numberOf(String key) {
        Integer known = numbers.get(key);
        return known == null ? add(key) : known;
    }

    private synchronized int add(String key) {
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        int number = size;
        String[] all = keys;
        if (number == all.length) {
            all = Arrays.copyOf(all, 2 * number);
        }
        all[number] = key;
        keys = all;
        size = number + 1;
        characters += key.length() + OVERHEAD;
        numbers.put(key, number);
        return number;
    }

    String key(int number) {
        return keys[number];
    }

    /** About how many bytes it takes. */
    long size() {
        return characters;
    }

    /** All keys, by number. */
    synchronized List<String> all() {
        return List.of(Arrays.copyOf(keys, size));
    }
}
