package io.mlops.backends.fs.event;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashSet;
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
        compare(run, json);
        TagTable sums = new TagTable();
        for (EventFile file : EventFile.of(store, run)) {
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
        compare(run, json);
        TagTable sums = new TagTable();
        for (EventFile file : EventFile.of(store, run)) {
            long from = covered(json, file);
            if (file.bytes() <= from || !(synced.contains(file.path()) || synced(run, file))) {
                continue;
            }
            // What a living writer appended since is not durable yet, and is left for the next change.
            long end = read(file, from, file.bytes(), json, sums);
            RunJson.putReach(json, file.writer(), new RunJson.Reach(file.name(), end));
        }
        return plus(known, sums);
    }

    /** Makes a file durable that this process does not write; returns false if it may not. */
    private boolean synced(Path run, EventFile file) throws IOException {
        try {
            store.disk().syncFile(file.path());
        } catch (AccessDeniedException e) {
            store.damage().unreadable(file.path(), e);
            return false;
        } catch (NoSuchFileException deletedMeanwhile) {
            return false;
        }
        Path folder = Disk.folderOf(file.path());
        if (!folder.equals(run)) {
            // The run's own folder is synced last, after the document says that these points are there.
            store.disk().syncFolder(folder);
            store.disk().syncFolder(run);
        }
        return true;
    }

    /** Compares the event files of a run with what its document says of them, and tells what is missing. */
    public void compare(Path run, Json json) {
        try {
            Set<String> unused = missing(run, RunJson.reaches(json));
        } catch (CorruptDataException e) {
            // What else the document says counts without this.
            return;
        }
    }

    /** Tells what is missing of the event files of a run, and returns the names of these files. */
    Set<String> missing(Path run, Collection<RunJson.Reach> reaches) {
        Set<String> missing = new HashSet<>();
        for (RunJson.Reach reach : reaches) {
            long there = EventFile.isName(reach.file()) ? length(run.resolve(reach.file())) : Long.MAX_VALUE;
            // A run that is moved just now has no files where they were.
            if (there < reach.bytes() && Files.exists(run.resolve(Layout.RUN))) {
                store.damage().missing(run.resolve(reach.file()), there, reach.bytes());
                missing.add(reach.file());
            }
        }
        return missing;
    }

    /** Returns the length of a file, 0 if there is none; the greatest long if it is told elsewhere what lies there. */
    private static long length(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? attributes.size() : Long.MAX_VALUE;
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Returns how far the summaries reach into a file; the greatest long if they reach into a later one of its writer.
     */
    private static long covered(Json json, EventFile file) {
        RunJson.Reach reached = RunJson.reach(json, file.writer());
        if (reached == null) {
            return 0;
        }
        if (!reached.file().equals(file.name())) {
            return file.isUpTo(reached.file()) ? Long.MAX_VALUE : 0;
        }
        return reached.bytes();
    }

    private long read(EventFile file, long from, long upTo, Json json, TagTable sums) throws IOException {
        if (from >= Math.min(upTo, file.goodLength())) {
            return from;
        }
        EventPoints points = new EventPoints();
        EventPoints.Sink sink = (bytes, tagFrom, tagLength, step, millis, value) -> {
            sums.get(bytes, tagFrom, tagLength).add(step, millis, value);
            return true;
        };
        try (EventReader reader = file.open(store.damage(), from, upTo)) {
            if (reader == null) {
                return from;
            }
            while (reader.advance()) {
                points.read(reader.data(), reader.dataFrom(), reader.dataLength(), sink);
            }
            file.reportDamage(store.damage(), reader, () -> RunJson.mayBeWritten(json, store.owners()));
            return reader.goodEnd();
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
