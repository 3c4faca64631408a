package io.mlops.core.query;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Limits;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Files by their paths, in order. Adding one, and reading a page of them, costs the same however many there are. Not
 * thread-safe.
 *
 * @param <T> a file
 */
public final class PathTree<T> {
    /** The end of a folder's path before the first of all names in it: no name has a character below the space. */
    private static final String FIRST = "/ ";

    private final NavigableMap<RelativePath, T> files = new TreeMap<>();

    /** A tree without files. */
    public PathTree() {}

    /** The file with exactly this path; null if there is none. */
    public @Nullable T find(RelativePath path) {
        return files.get(path);
    }

    /** Adds a file, or takes it for the one that had this path. */
    public void put(RelativePath path, T file) {
        files.put(path, file);
    }

    /** The number of files. */
    public int size() {
        return files.size();
    }

    /** All files, in the order of their paths. */
    public Collection<T> files() {
        return files.values();
    }

    /**
     * Reads one file more than a page takes, if there is one.
     *
     * @param folder below which they are; null for the root
     */
    public List<T> oneMore(@Nullable RelativePath folder, PageRequest request) {
        String token = request.token();
        NavigableMap<RelativePath, T> rest = folder == null ? files : below(folder);
        if (token != null) {
            RelativePath last = Pages.read(token, RelativePath::of);
            boolean within = !rest.isEmpty() && last.compareTo(rest.firstKey()) >= 0;
            rest = within ? files.tailMap(last, false) : rest;
        }
        List<T> page = new ArrayList<>();
        Iterator<Map.Entry<RelativePath, T>> entries = rest.entrySet().iterator();
        while (page.size() <= request.limit() && entries.hasNext()) {
            Map.Entry<RelativePath, T> entry = entries.next();
            if (folder != null && !entry.getKey().isBelow(folder)) {
                break;
            }
            page.add(entry.getValue());
        }
        return page;
    }

    /** The files from the first one below a folder on. */
    private NavigableMap<RelativePath, T> below(RelativePath folder) {
        return folder.value().length() + FIRST.length() > Limits.PATH
                ? new TreeMap<>()
                : files.tailMap(RelativePath.of(folder.value() + FIRST), true);
    }

    /**
     * Refuses paths that would be file and folder at once, with those that are there or among themselves.
     *
     * @param owner the run or version, for the message
     * @throws ConflictException naming both paths
     */
    public void checkFree(String owner, Collection<RelativePath> added) {
        Set<RelativePath> together = new TreeSet<>(added);
        for (RelativePath path : together) {
            if (files.containsKey(path)) {
                continue;
            }
            String value = path.value();
            for (int slash = value.lastIndexOf('/'); slash > 0; slash = value.lastIndexOf('/', slash - 1)) {
                RelativePath folder = RelativePath.of(value.substring(0, slash));
                if (files.containsKey(folder) || together.contains(folder)) {
                    throw both(owner, folder, path);
                }
            }
            NavigableMap<RelativePath, T> after = below(path);
            if (!after.isEmpty() && after.firstKey().isBelow(path)) {
                throw both(owner, path, after.firstKey());
            }
        }
    }

    private static ConflictException both(String owner, RelativePath file, RelativePath within) {
        return new ConflictException("artifact '" + file + "' of " + owner + " cannot be a file and the folder of '"
                + within + "': choose another path");
    }
}
