package io.mlops.core.tracker;

import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunStore;
import io.mlops.core.delivery.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Appends the points of one run to the store, without those that it refuses: these are taken out of their chunk, as if they
 * had never been recorded, so that what follows leaves no gap. Not thread-safe: belongs to the delivery thread.
 */
final class PointDelivery {
    /** After so long what was sent becomes durable, though there is more to send. */
    private static final Duration LONGEST_SEND = Duration.ofMillis(100);

    private final RunStore store;
    private final String writer;
    private final RunBuffer buffer;

    /** The number of points that the store has. */
    private long sent;

    private long durable;
    private long durableAtNanos = System.nanoTime();

    /** How many points of a key were refused one after the other; without keys of which some were taken since. */
    private Map<Integer, Long> suspects = Map.of();

    PointDelivery(RunStore store, String writer, RunBuffer buffer) {
        this.store = store;
        this.writer = writer;
        this.buffer = buffer;
    }

    /** The number of points that the store has, but not for sure. */
    long notDurable() {
        return sent - durable;
    }

    /** The number of points that are durable once the store has made durable what it has. */
    long sent() {
        return sent;
    }

    /** Whether something has been waiting so long to become durable. */
    boolean waitingFor(Duration time) {
        return System.nanoTime() - durableAtNanos >= time.toNanos();
    }

    void madeDurable() {
        durable = sent;
        durableAtNanos = System.nanoTime();
    }

    /** Notes that the store forgot what was not durable. */
    void rewind() {
        sent = durable;
    }

    /** Sends what is recorded; only full chunks unless everything is asked for. Returns whether there was something. */
    boolean send(boolean everything, Runnable makeDurable) {
        List<PointQueue.Slice> slices = buffer.unsent(sent, everything);
        Deadline longest = Deadline.in(LONGEST_SEND);
        long takenOut = 0;
        for (PointQueue.Slice slice : slices) {
            // A buffer is free once its points are durable, and whoever waits for one does not wait for ever.
            if (longest.passed()) {
                makeDurable.run();
                longest = Deadline.in(LONGEST_SEND);
            }
            takenOut += send(slice.chunk(), slice.to() - takenOut);
        }
        return !slices.isEmpty();
    }

    /** Sends points up to this one; returns how many of them were refused, and taken out. */
    private long send(PointChunk chunk, long to) {
        RuntimeException refusal = append(chunk, to);
        if (refusal == null) {
            return 0;
        }
        // A store that refuses whoever sends refuses nothing at all, too: the points stay, for when that is mended.
        store.change(buffer.run(), List.of());
        learn(chunk, to);
        long end = to;
        while (sent < end) {
            Group group = group(chunk, end);
            if (group == null) {
                break;
            }
            refusal = refusal != null && group.until == end ? refusal : append(chunk, group.until);
            if (refusal != null) {
                CulpritSearch.run(group, refusal);
                refusal = null;
            }
            end -= group.takenOut;
        }
        return to - end;
    }

    /** Finds out what the store has already, since the order of what it has not may change. */
    private void learn(PointChunk chunk, long to) {
        long stored = store.append(buffer.run(), batch(chunk, sent));
        if (stored > sent) {
            sentTo(Math.min(stored, to));
        }
    }

    /** Brings suspects behind the others, and returns whichever come first; null if all was dropped meanwhile. */
    private @Nullable Group group(PointChunk chunk, long end) {
        if (!buffer.edit(points -> chunk.group(sent, end, suspects.keySet()))) {
            return null;
        }
        boolean suspected = suspects.containsKey(chunk.keyOf(sent));
        long until = sent;
        while (until < end && suspects.containsKey(chunk.keyOf(until)) == suspected) {
            until++;
        }
        return new Group(chunk, until, suspected);
    }

    /** Appends points up to this one; returns the exception if the store refuses them. */
    private @Nullable RuntimeException append(PointChunk chunk, long to) {
        try {
            long unused = store.append(buffer.run(), batch(chunk, to));
        } catch (RuntimeException e) {
            if (Refusals.ofContent(e)) {
                return e;
            }
            throw e;
        }
        if (!suspects.isEmpty()) {
            suspects.keySet().removeAll(keys(chunk, sent, to));
        }
        sentTo(to);
        return null;
    }

    private MetricBatch batch(PointChunk chunk, long to) {
        return chunk.batch(writer, sent, to, buffer.keys().table());
    }

    private void sentTo(long to) {
        buffer.delivered(to - sent);
        sent = to;
    }

    private static Set<Integer> keys(PointChunk chunk, long from, long to) {
        Set<Integer> keys = new HashSet<>();
        for (long point = from; point < to; point++) {
            keys.add(chunk.keyOf(point));
        }
        return keys;
    }

    /** Points that come next, all of suspects or of none; of others the search ends with a culprit, a suspect from then on. */
    private final class Group implements CulpritSearch.Row {
        private final PointChunk chunk;
        private final boolean suspected;
        private long until;
        private long takenOut;

        Group(PointChunk chunk, long until, boolean suspected) {
            this.chunk = chunk;
            this.until = until;
            this.suspected = suspected;
        }

        @Override
        public int left() {
            return takenOut > 0 && !suspected ? 0 : (int) (until - sent);
        }

        @Override
        public @Nullable RuntimeException send(int count) {
            return append(chunk, sent + count);
        }

        @Override
        public void leaveOut(int count, RuntimeException why) {
            if (suspects.isEmpty()) {
                suspects = new HashMap<>();
            }
            String[] names = buffer.keys().table();
            for (long point = sent; point < sent + count; point++) {
                if (suspects.merge(chunk.keyOf(point), 1L, Long::sum) == 1) {
                    buffer.refused("metric '" + names[chunk.keyOf(point)] + "'", why);
                }
            }
            buffer.refusePoints(chunk, sent, sent + count);
            until -= count;
            takenOut += count;
        }

        @Override
        public int blamable() {
            int most = 1;
            long refused = 0;
            Set<Integer> seen = new HashSet<>();
            for (long point = sent; point < until; point++) {
                Long ofKey = suspects.get(chunk.keyOf(point));
                if (ofKey == null) {
                    break;
                }
                refused += seen.add(chunk.keyOf(point)) ? ofKey : 0;
                int count = (int) (point + 1 - sent);
                most = refused >= (long) count * CulpritSearch.TIMES_AS_MANY ? count : most;
            }
            return most;
        }
    }
}
