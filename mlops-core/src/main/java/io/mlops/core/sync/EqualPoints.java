package io.mlops.core.sync;

import io.mlops.api.common.Listing;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.Names;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricPoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings the points of a writer that equal none of the target's, under a writer of their own: for points that are not the
 * same in number on both sides, since some were damaged in the source or refused by the target. One thread at a time.
 */
final class EqualPoints {
    private static final int READ = 50_000;
    private static final int BATCH = 999;

    /** Number of bytes of the digest in a writer's name, which has 40 characters with the prefix. */
    private static final int DIGEST_BYTES = 19;

    /** A point with its key. */
    private record Keyed(String key, MetricPoint point) {}

    private final RunStore from;
    private final RunStore to;
    private final RunId run;
    private final Notices notices;
    private final boolean exact;

    /**
     * Points of a run.
     *
     * @param exact whether the target keeps every double as it is
     */
    EqualPoints(RunStore from, RunStore to, RunId run, Notices notices, boolean exact) {
        this.from = from;
        this.to = to;
        this.run = run;
        this.notices = notices;
        this.exact = exact;
    }

    /** The writer under which points of a writer are brought that way, the same in every process. */
    static String spare(String writer) {
        byte[] digest = ContentCopy.sha256().digest(writer.getBytes(StandardCharsets.UTF_8));
        return "r-" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    }

    /** Brings what the target lacks; returns how many points that is. */
    long bring(String writer) {
        List<Keyed> lacking = lacking(writer);
        long before = to.append(run, new MetricColumns().batch(spare(writer), 0));
        long stored = before;
        for (int first = 0; first < lacking.size(); first += BATCH) {
            stored = send(spare(writer), stored, lacking.subList(first, Math.min(lacking.size(), first + BATCH)));
        }
        return stored - before;
    }

    /** Sends points, and of those that are refused all but the ones to blame; returns how many the target has. */
    private long send(String spare, long stored, List<Keyed> points) {
        if (points.isEmpty()) {
            return stored;
        }
        MetricColumns columns = new MetricColumns();
        points.forEach(keyed -> columns.add(
                keyed.key(),
                keyed.point().step(),
                keyed.point().time().toEpochMilli(),
                keyed.point().value()));
        try {
            return to.append(run, columns.batch(spare, stored));
        } catch (IllegalArgumentException | MlopsException e) {
            if (!Refusal.isOfContent(e)) {
                throw e;
            }
            return sendParts(spare, points, e);
        }
    }

    private long sendParts(String spare, List<Keyed> points, RuntimeException refusal) {
        // A store that refuses whoever asks refuses a change of nothing, too; how much it has may be told to readers.
        to.change(run, List.of());
        long stored = to.append(run, new MetricColumns().batch(spare, 0));
        Keyed first = points.get(0);
        if (points.stream().allMatch(keyed -> keyed.key().equals(first.key()))
                && (points.size() == 1 || !isKey(first.key()))) {
            String of = "metric '" + first.key() + "' of run " + run + " from step "
                    + first.point().step() + " at " + first.point().time() + " on";
            notices.lost(of, refusal, points.size());
            return stored;
        }
        int half = points.size() / 2;
        return send(spare, send(spare, stored, points.subList(0, half)), points.subList(half, points.size()));
    }

    private static boolean isKey(String key) {
        try {
            return !Names.checkKey("metric", key).isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The points that the target lacks, those of one key together. */
    private List<Keyed> lacking(String writer) {
        SortedMap<String, SortedSet<MetricPoint>> byKey = read(writer);
        Set<String> known = to.get(run).metrics().keySet();
        List<Keyed> lacking = new ArrayList<>();
        byKey.forEach((key, points) -> {
            if (known.contains(key)) {
                Listing<MetricPoint> history = page -> to.history(run, key, page);
                history.forEach(point -> points.remove(kept(point)));
            }
            points.forEach(point -> lacking.add(new Keyed(key, point)));
        });
        return lacking;
    }

    /** The point that the target makes of one. */
    private MetricPoint kept(MetricPoint point) {
        return exact ? point : new MetricPoint(point.step(), point.time(), PointSummaries.kept(point.value()));
    }

    private SortedMap<String, SortedSet<MetricPoint>> read(String writer) {
        SortedMap<String, SortedSet<MetricPoint>> byKey = new TreeMap<>();
        long offset = 0;
        MetricBatch batch = from.read(run, writer, 0, READ);
        while (batch.size() > 0) {
            for (int i = 0; i < batch.size(); i++) {
                byKey.computeIfAbsent(batch.key(batch.keyOf(i)), key -> new TreeSet<>(MetricPoint.BY_TIME))
                        .add(kept(new MetricPoint(
                                batch.step(i), Instant.ofEpochMilli(batch.epochMillis(i)), batch.value(i))));
            }
            offset += batch.size();
            batch = from.read(run, writer, offset, READ);
        }
        return byKey;
    }
}
