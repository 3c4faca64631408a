package io.mlops.backends.fs.event;

import io.mlops.api.tracker.MetricSummary;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The summaries of the metrics of a run. Those in {@code run.json} are a cache: beside them stands how far they reach
 * into each writer's files, and only what lies beyond is read. So it does not matter who wrote it, or whether its
 * writer still lives. Thread-safe.
 */
public final class MetricSummaries {
    private final Store store;

    /** Makes the summaries of the runs of a store. */
    public MetricSummaries(Store store) {
        this.store = store;
    }

    /** Returns the summaries as of now, for a reader; changes nothing. */
    public Map<String, MetricSummary> current(Path run, Json json, Map<String, MetricSummary> known)
            throws IOException {
        TagTable sums = new TagTable();
        for (EventFile file : EventFile.of(store.disk(), run)) {
            long unused = read(file, covered(json, file), Long.MAX_VALUE, json, sums);
        }
        return plus(known, sums);
    }

    /**
     * Returns the summaries as of now, for a document that is about to be written: event files are synced first, and
     * how far the summaries reach into them is put into the document.
     *
     * @param synced the files that the caller has synced already
     */
    public Map<String, MetricSummary> cover(Path run, Json json, Map<String, MetricSummary> known, Set<Path> synced)
            throws IOException {
        TagTable sums = new TagTable();
        for (EventFile file : EventFile.of(store.disk(), run)) {
            long from = covered(json, file);
            if (from == Long.MAX_VALUE || Files.size(file.path()) <= from) {
                continue;
            }
            // What a living writer appends after the sync is not durable yet, and is left for the next change.
            long there = Files.size(file.path());
            if (!synced.contains(file.path())) {
                store.disk().syncFile(file.path());
                if (!Disk.folderOf(file.path()).equals(run)) {
                    // The run's own folder is synced last, after the document says that these points are there.
                    store.disk().syncFolder(Disk.folderOf(file.path()));
                    store.disk().syncFolder(run);
                }
            }
            long end = read(file, from, there, json, sums);
            RunJson.putReach(json, file.writer(), new RunJson.Reach(file.name(), end));
        }
        return plus(known, sums);
    }

    /**
     * Returns how far the summaries reach into a file; the greatest long if they reach into a later one of its writer.
     */
    private long covered(Json json, EventFile file) throws IOException {
        RunJson.Reach reached = RunJson.reach(json, file.writer());
        if (reached == null) {
            return 0;
        }
        if (!reached.file().equals(file.name())) {
            return file.isUpTo(reached.file()) ? Long.MAX_VALUE : 0;
        }
        long there = Files.size(file.path());
        if (there < reached.bytes()) {
            store.damage().missing(file.path(), there, reached.bytes());
        }
        return reached.bytes();
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
            file.reportDamage(store.damage(), reader, () -> RunJson.mayBeWritten(json, store.owners()));
            return reader.goodEnd();
        } catch (NoSuchFileException deletedMeanwhile) {
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
