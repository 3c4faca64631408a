package io.mlops.backends.fs.index;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A table of the keys that the runs of an experiment share, by number, so that each is kept once. It only grows.
 * Thread-safe.
 */
final class KeyTable {
    private static final int OVERHEAD = 100;

    private final Path experiment;
    private final Object monitor = new Object();
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    // These are written under the monitor and read without it: a number is given out after all of them hold its key.
    private volatile String[] keys = new String[64];
    private volatile int size;
    private volatile long characters;

    KeyTable(Path experiment) {
        this.experiment = experiment;
    }

    /** Returns the folder of the experiment. */
    Path experiment() {
        return experiment;
    }

    /** Returns the number of a key; -1 if it has none, so that no run has the key. */
    int find(String key) {
        return numbers.getOrDefault(key, -1);
    }

    /** Returns the number of a key, which gets one if it has none. */
    int numberOf(String key) {
        Integer known = numbers.get(key);
        return known == null ? add(key) : known;
    }

    private int add(String key) {
        synchronized (monitor) {
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
    }

    String key(int number) {
        return keys[number];
    }

    /** Returns about how many bytes of memory the table takes. */
    long size() {
        return characters;
    }

    /** Lists all keys, in the order of their numbers. */
    List<String> all() {
        synchronized (monitor) {
            return List.of(Arrays.copyOf(keys, size));
        }
    }
}
