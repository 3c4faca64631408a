package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.server.Reserved;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The digests of the files of one place, which no server keeps. A digest counts while the file has the size that it had
 * when it was stored, and while no two writers that knew nothing of each other say different ones. Thread-safe.
 */
final class DigestLog {
    private static final Logger LOG = LoggerFactory.getLogger(DigestLog.class);

    /** The folder of the files, hidden from users. */
    static final RelativePath FOLDER = RelativePath.of(Reserved.FOLDER + "/artifacts");

    /** Number of files of one size class that are joined into one. */
    private static final int JOINED = 32;

    private final RemoteFiles files;
    private final Place place;
    private final String writer;
    /** In turn, since it is held while the server is asked, and readers without end would keep a writer from it. */
    private final ReentrantLock lock = new ReentrantLock(true);
    /** What was read or written so far, by name; guarded by the lock. */
    private final Map<String, DigestFile> known = new HashMap<>();
    /** Names of files that cannot be read and were told of; guarded by the lock. */
    private final Map<String, Boolean> damaged = new HashMap<>();
    /** This writer's files on the server, oldest first, with how often they were joined; guarded by the lock. */
    private final Map<String, Integer> own = new LinkedHashMap<>();
    /** The number of this writer's last file; guarded by the lock. */
    private int last;

    DigestLog(RemoteFiles files, Place place, String writer) {
        this.files = files;
        this.place = place;
        this.writer = writer;
    }

    /** Tells the digests of some files as they are listed now; those of others are null. */
    List<ArtifactEntry> entries(Map<RelativePath, Long> sizes) {
        lock.lock();
        try {
            refresh();
            List<ArtifactEntry> entries = new ArrayList<>();
            sizes.forEach((path, bytes) -> entries.add(new ArtifactEntry(path, bytes, digest(path, bytes))));
            return entries;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes down what was stored.
     *
     * @param replaced whether some of them were there before, so that what others say of them has to be read
     */
    void write(Collection<ArtifactEntry> stored, boolean replaced) {
        lock.lock();
        try {
            if (replaced) {
                refresh();
            }
            put(DigestFile.of(writer, ++last, seen(), stored), 0);
            joinOwn();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Digest digest(RelativePath path, long bytes) {
        List<DigestFile> telling = known.values().stream()
                .filter(file -> file.entries().containsKey(path))
                .toList();
        Set<ArtifactEntry> latest = telling.stream()
                .filter(file -> telling.stream().noneMatch(other -> other.knew(file)))
                .map(file -> file.entries().get(path))
                .collect(Collectors.toSet());
        if (latest.size() != 1) {
            return null;
        }
        ArtifactEntry only = latest.iterator().next();
        return only.bytes() == bytes ? only.digest() : null;
    }

    private Map<String, Integer> seen() {
        Map<String, Integer> seen = new TreeMap<>();
        known.values().stream()
                .filter(file -> !file.writer().equals(writer))
                .forEach(file -> seen.merge(file.writer(), file.number(), Math::max));
        return seen;
    }

    private void put(DigestFile file, int joins) {
        var unused = files.put(place, path(file.name()), Content.of(file.bytes()));
        known.put(file.name(), file);
        own.put(file.name(), joins);
    }

    /** Joins the newest files while there are many of one kind, so that neither their number nor their size runs away. */
    private void joinOwn() {
        List<Map.Entry<String, Integer>> newestFirst = new ArrayList<>(own.entrySet());
        Collections.reverse(newestFirst);
        int joins = newestFirst.get(0).getValue();
        List<String> joined = newestFirst.stream()
                .takeWhile(file -> file.getValue() == joins)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(ArrayList::new));
        if (joined.size() < JOINED) {
            return;
        }
        Collections.reverse(joined);
        Map<RelativePath, ArtifactEntry> together = new HashMap<>();
        joined.stream().map(known::get).filter(Objects::nonNull).forEach(file -> together.putAll(file.entries()));
        put(DigestFile.of(writer, ++last, seen(), together.values()), joins + 1);
        for (String name : joined) {
            try {
                files.delete(place, path(name));
            } catch (MlopsException left) {
                // Servers before 2.10 remove no single file. It says nothing that the joined one does not.
                LOG.debug("{} stays beside what it was joined into", name, left);
            }
            own.remove(name);
            known.remove(name);
        }
        joinOwn();
    }

    /** Reads what others wrote meanwhile, and forgets what they joined. */
    private void refresh() {
        Set<String> there = files.list(place, FOLDER).stream()
                .filter(file -> !file.isFolder() && DigestFile.isName(file.name()))
                .map(ListedFile::name)
                .collect(Collectors.toSet());
        known.keySet().removeIf(name -> !there.contains(name) && !own.containsKey(name));
        for (String name : there) {
            if (!known.containsKey(name) && !damaged.containsKey(name)) {
                read(name);
            }
        }
    }

    private void read(String name) {
        try {
            byte[] bytes = files.readListed(place, path(name)).orElse(null);
            DigestFile file = bytes == null ? null : DigestFile.read(name, bytes);
            if (file != null) {
                known.put(name, file);
            }
        } catch (CorruptDataException e) {
            damaged.put(name, true);
            LOG.warn("{} at {} is damaged, and what it says of digests is not known", path(name), place.root(), e);
        }
    }

    private static RelativePath path(String name) {
        return RelativePath.of(FOLDER + "/" + name);
    }
}
