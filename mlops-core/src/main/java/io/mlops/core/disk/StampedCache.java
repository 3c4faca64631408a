package io.mlops.core.disk;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was read of files, for as long as they stay as they were; beyond a number of files, all of it is forgotten and read
 * anew. Thread-safe.
 */
public final class StampedCache<K, V> {
    private record Read<V>(FileStamp stamp, V value) {}

    private final int maxFiles;
    private final Map<K, Read<V>> byFile = new ConcurrentHashMap<>();

    /** Remembers about so many files at most. */
    public StampedCache(int maxFiles) {
        this.maxFiles = maxFiles;
    }

    /** What was read of a file when it had this stamp; null if that is not known. */
    public @Nullable V find(K file, FileStamp stamp) {
        Read<V> known = byFile.get(file);
        return known != null && known.stamp().equals(stamp) ? known.value() : null;
    }

    /**
     * Remembers what a file holds, unless its stamp could not tell it from the next one in its place.
     *
     * @param stamp the file's before it was read
     */
    public void put(K file, FileStamp stamp, V value) {
        if (!stamp.tells()) {
            return;
        }
        if (byFile.size() >= maxFiles) {
            byFile.clear();
        }
        byFile.put(file, new Read<>(stamp, value));
    }

    /** Forgets a file. */
    public void remove(K file) {
        byFile.remove(file);
    }
}
