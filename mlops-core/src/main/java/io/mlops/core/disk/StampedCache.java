package io.mlops.core.disk;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache of what was read from files, valid while a file's stamp stays the same. When it is full, all of it is
 * forgotten and read anew. Thread-safe.
 */
public final class StampedCache<K, V> {
    private record Read<V>(FileStamp stamp, V value) {}

    private final int maxFiles;
    private final Map<K, Read<V>> byFile = new ConcurrentHashMap<>();

    /** Makes a cache of about so many files at most. */
    public StampedCache(int maxFiles) {
        this.maxFiles = maxFiles;
    }

    /** Returns what was read from a file when it had this stamp; null if that is not known. */
    public @Nullable V find(K file, FileStamp stamp) {
        Read<V> known = byFile.get(file);
        return known != null && known.stamp().equals(stamp) ? known.value() : null;
    }

    /**
     * Remembers what was read from a file, unless a file that replaces it could have the same stamp.
     *
     * @param stamp the file's stamp, taken before the file was read
     */
    public void put(K file, FileStamp stamp, V value) {
        if (!stamp.isDistinctive()) {
            return;
        }
        if (byFile.size() >= maxFiles) {
            byFile.clear();
        }
        byFile.put(file, new Read<>(stamp, value));
    }

    /** Forgets what was read from a file. */
    public void remove(K file) {
        byFile.remove(file);
    }
}
