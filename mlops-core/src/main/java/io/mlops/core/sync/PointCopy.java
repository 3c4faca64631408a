package io.mlops.core.sync;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings the points of a run, each writer's in the order in which it wrote them, behind those that the target says it has
 * of that writer. Where that cannot be relied upon, points are compared one by one. One thread at a time.
 */
final class PointCopy {
    /** Number of points that a server takes in one request, beside the tag that counts them. */
    private static final int FULL = 999;

    /** Number of points that are read at once; where only histories are known each read begins at the first point. */
    private static final int READ = 20 * FULL;

    private final RunStore from;
    private final RunStore to;
    private final RunId run;
    private final EqualPoints equal;
    private final Notices notices;
    /** Whether the target knows points by their writer, and not by what they are alone. */
    private final boolean countsWriters;

    /** The number of points of each writer that the target has. */
    private final Map<String, Long> sent = new HashMap<>();
    /** The number of points of each writer that the source had last. */
    private final Map<String, Long> seen = new HashMap<>();
    /** Writers whose points do not stand in the target as they stand in the source. */
    private final Set<String> shifted = new HashSet<>();

    PointCopy(Backend from, Backend to, RunId run, Notices notices) {
        this.from = from.runs();
        this.to = to.runs();
        this.run = run;
        this.notices = notices;
        this.countsWriters = to.info().capabilities().contains(Capability.BATCH_OFFSETS);
        boolean exact = to.info().capabilities().contains(Capability.EXACT_METRICS);
        this.equal = new EqualPoints(this.from, this.to, run, notices, exact);
    }

    /**
     * Brings all points that the target lacks; returns how many.
     *
     * @param isNew whether the target has no point of the run that did not come from here
     */
    long bring(boolean isNew) {
        long brought = 0;
        for (Map.Entry<String, Long> writer : from.written(run).entrySet()) {
            brought += bring(writer.getKey(), writer.getValue(), isNew);
        }
        return brought;
    }

    private long bring(String writer, long count, boolean isNew) {
        Long before = seen.put(writer, count);
        if (before != null && before == count && sent.getOrDefault(writer, -1L) == count) {
            return 0;
        }
        long done = known(writer, isNew);
        if (count < done || (before != null && count < before)) {
            notices.conflict(
                    "run " + run,
                    "points of writer " + writer
                            + " that were copied before are damaged or gone here: they stay there");
            shifted.add(writer);
        }
        if (shifted.contains(writer)) {
            sent.put(writer, count);
            return equal.bring(writer);
        }
        return send(writer, done, count);
    }

    private long known(String writer, boolean isNew) {
        Long known = sent.get(writer);
        if (known != null) {
            return known;
        }
        if (isNew) {
            return 0;
        }
        if (!countsWriters || ask(EqualPoints.spare(writer)) > 0) {
            shifted.add(writer);
        }
        return ask(writer);
    }

    private long ask(String writer) {
        return to.append(run, new MetricColumns().batch(writer, 0));
    }

    private long send(String writer, long from, long count) {
        long done = from;
        while (done < count) {
            MetricBatch batch = this.from.read(run, writer, done, (int) Math.min(READ, count - done));
            if (batch.size() == 0) {
                // They are gone since they were counted, which the next call finds out.
                seen.put(writer, count + 1);
                break;
            }
            try {
                done = append(batch);
            } catch (IllegalArgumentException | MlopsException e) {
                if (!Refusal.isOfContent(e)) {
                    throw e;
                }
                // A store that refuses whoever asks refuses a change of nothing, too.
                to.change(run, List.of());
                return done - from + bringEqual(writer, count);
            }
        }
        sent.put(writer, done);
        return done - from;
    }

    /**
     * Brings points of which the target refused some. Only when all are dealt with is the writer compared for good: until
     * then the points that stand at the target under the other writer tell.
     */
    private long bringEqual(String writer, long count) {
        long brought = equal.bring(writer);
        shifted.add(writer);
        sent.put(writer, count);
        return brought;
    }

    /** Appends a batch; a target that has lost some of those before says so, and gets them once more. */
    private long append(MetricBatch batch) {
        try {
            return checked(batch, to.append(run, batch));
        } catch (ConflictException e) {
            long stored = ask(batch.writer());
            if (stored >= batch.offset()) {
                throw e;
            }
            return stored;
        }
    }

    private long checked(MetricBatch batch, long stored) {
        if (stored < batch.offset() + batch.size()) {
            throw new CorruptDataException(
                    "run " + run + " has " + stored + " points of writer " + batch.writer() + " after it took "
                            + batch.size() + " behind " + batch.offset(),
                    null);
        }
        return stored;
    }

    /** Asks the target anew the next time. */
    void forget() {
        sent.clear();
    }
}
