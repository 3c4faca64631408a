package io.mlops.backends.fs;

import io.mlops.api.tracker.MetricSummary;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What the points of a run sum up to. The sums in {@code run.json} are a cache: beside them stands how far into each
 * writer's files they reach, and only what lies beyond is read. So it does not matter who wrote it, or whether its writer
 * still lives. Thread-safe.
 */
final class MetricSummaries {
    private static final String WRITERS = "writers";

    private final Disk disk;
    private final DamageLog damage;
    private final Predicate<Json> written;

    /** The predicate tells whether somebody may be writing a run. */
    MetricSummaries(Disk disk, DamageLog damage, Predicate<Json> written) {
        this.disk = disk;
        this.damage = damage;
        this.written = written;
    }

    /** The sums as of now, for reading. */
    Map<String, MetricSummary> current(Path run, Json json, Map<String, MetricSummary> known) throws IOException {
        TagTable sums = new TagTable();
        for (EventFile file : EventFile.of(disk, run)) {
            long unused = read(file, covered(json, file), Long.MAX_VALUE, json, sums);
        }
        return plus(known, sums);
    }

    /**
     * The sums as of now, for writing: how far they reach is put into the document, and is durable.
     *
     * @param synced files that are durable already
     */
    Map<String, MetricSummary> cover(Path run, Json json, Map<String, MetricSummary> known, Set<Path> synced)
            throws IOException {
        TagTable sums = new TagTable();
        for (EventFile file : EventFile.of(disk, run)) {
            long from = covered(json, file);
            if (from == Long.MAX_VALUE || Files.size(file.path()) <= from) {
                continue;
            }
            // What a living writer appends after the sync is not durable yet, and is left for the next change.
            long there = Files.size(file.path());
            if (!synced.contains(file.path())) {
                disk.syncFile(file.path());
                if (!Disk.folderOf(file.path()).equals(run)) {
                    // The run's own folder is synced last, after the document says that these points are there.
                    disk.syncFolder(Disk.folderOf(file.path()));
                    disk.syncFolder(run);
                }
            }
            long end = read(file, from, there, json, sums);
            json.childOrNew(WRITERS)
                    .childOrNew(file.writer())
                    .put("file", file.name())
                    .put("bytes", end);
        }
        return plus(known, sums);
    }

    /** How far the sums reach into a file; the greatest long if the writer has gone on in a later one. */
    private long covered(Json json, EventFile file) throws IOException {
        if (!json.has(WRITERS) || !json.child(WRITERS).has(file.writer())) {
            return 0;
        }
        Json writer = json.child(WRITERS).child(file.writer());
        String reached = writer.text("file");
        if (!reached.equals(file.name())) {
            return file.isUpTo(reached) ? Long.MAX_VALUE : 0;
        }
        long bytes = writer.size("bytes");
        long there = Files.size(file.path());
        if (there < bytes) {
            damage.missing(file.path(), there, bytes);
        }
        return bytes;
    }

    private long read(EventFile file, long from, long upTo, Json json, TagTable sums) throws IOException {
        long limit = Math.min(upTo, file.goodLength());
        if (from >= limit) {
            return from;
        }
        EventPoints points = new EventPoints();
        EventPoints.Sink sink = (bytes, tagFrom, tagLength, step, millis, value) -> {
            sums.get(bytes, tagFrom, tagLength).add(step, millis, value);
            return true;
        };
        try (EventReader reader = new EventReader(file.path(), from, limit)) {
            while (reader.advance()) {
                points.read(reader.data(), reader.dataFrom(), reader.dataLength(), sink);
            }
            damage.read(file, reader, () -> written.test(json));
            return reader.goodEnd();
        } catch (NoSuchFileException gone) {
            return from;
        }
    }

    private static Map<String, MetricSummary> plus(Map<String, MetricSummary> known, TagTable sums) {
        Map<String, MetricSummary> all = new TreeMap<>(known);
        sums.byTag().forEach((tag, sum) -> {
            MetricSummary before = all.get(tag);
            if (before != null) {
                sum.add(before);
            }
            all.put(tag, sum.result());
        });
        return all;
    }
}
