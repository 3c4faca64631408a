package io.mlops.backends.http.standin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The files below the place for artifacts, as a file system would have them. Thread-safe. */
final class ArtifactTree {
    /** A file with its size, or a folder. */
    record Entry(String name, int size, boolean folder) {}

    /** Guarded by this object's monitor, under which nobody waits. */
    private final NavigableMap<String, byte[]> files = new TreeMap<>();

    /** Guarded by the same monitor. They stay when their last file goes. */
    private final Set<String> folders = new TreeSet<>();

    synchronized void clear() {
        files.clear();
        folders.clear();
    }

    /** Tells whether a file can be put there: no name is too long, no file is in the way, no folder either. */
    synchronized boolean takes(String path) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (files.containsKey(path.substring(0, slash))) {
                return false;
            }
        }
        for (String name : path.split("/", -1)) {
            if (name.getBytes(StandardCharsets.UTF_8).length > 255) {
                return false;
            }
        }
        return !folders.contains(path);
    }

    synchronized boolean folder(String path) {
        return folders.contains(path);
    }

    synchronized void put(String path, byte[] bytes) {
        addFolders(path);
        files.put(path, bytes);
    }

    /** Adds the folders in which a file is about to be put. */
    synchronized void addFolders(String path) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            folders.add(path.substring(0, slash));
        }
    }

    synchronized byte @Nullable [] get(String path) {
        return files.get(path);
    }

    /** Returns what is directly in a folder, by name; nothing for a file, or what is not there. */
    synchronized List<Entry> list(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        TreeMap<String, Entry> found = new TreeMap<>();
        files.forEach((path, bytes) -> add(found, prefix, path, bytes));
        folders.forEach(path -> add(found, prefix, path, null));
        return List.copyOf(found.values());
    }

    private static void add(Map<String, Entry> found, String prefix, String path, byte @Nullable [] bytes) {
        if (path.startsWith(prefix)) {
            String name = path.substring(prefix.length());
            if (!name.isEmpty() && name.indexOf('/') < 0) {
                found.put(name, new Entry(name, bytes == null ? 0 : bytes.length, bytes == null));
            }
        }
    }

    /** Deletes a file, or a folder with all below it. */
    synchronized void delete(String path) {
        files.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
        folders.removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
    }

    static String etag(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return "\"" + bytes.length + "-" + sum.getValue() + "\"";
    }
}
