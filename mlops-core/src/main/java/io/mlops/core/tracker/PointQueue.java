package io.mlops.core.tracker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The points of a run from the first that is not durable on. Guarded by the run's buffer. */
final class PointQueue {
    /** Points to hand to the store, in one chunk. */
    record Slice(PointChunk chunk, long from, long to) {}

    private final ChunkPool pool;
    private final ArrayDeque<PointChunk> chunks = new ArrayDeque<>();
    /** The last chunk, which points are added to. */
    private @Nullable PointChunk filling;

    private long recorded;

    PointQueue(ChunkPool pool) {
        this.pool = pool;
    }

    /** Whether a point can be added without another chunk. */
    boolean hasRoom() {
        PointChunk chunk = filling;
        return chunk != null && !chunk.full();
    }

    /** Gets another chunk if one is needed and to be had; returns whether there is room then. */
    boolean makeRoom() {
        if (hasRoom()) {
            return true;
        }
        PointChunk next = chunks.isEmpty() ? pool.first() : pool.borrow();
        if (next == null) {
            return false;
        }
        next.begin(recorded);
        chunks.add(next);
        filling = next;
        return true;
    }

    /** Adds a point; there must be room. */
    void add(int key, long step, long millis, double value) {
        PointChunk chunk = filling;
        if (chunk != null) {
            chunk.add(key, step, millis, value);
            recorded++;
        }
    }

    /** The points after the first {@code sent} ones; only those in full chunks unless everything is asked for. */
    List<Slice> after(long sent, boolean everything) {
        List<Slice> slices = new ArrayList<>();
        for (PointChunk chunk : chunks) {
            // One that points were taken out of has room, though nothing is added to it any more.
            if (chunk.end() > sent && (everything || chunk != filling || chunk.full())) {
                slices.add(new Slice(chunk, Math.max(sent, chunk.offset()), chunk.end()));
            }
        }
        return slices;
    }

    /** Takes points out of a chunk that the store does not have: those after them count as if they had never been recorded. */
    void remove(PointChunk chunk, long from, long to) {
        chunk.remove(from, to);
        recorded -= to - from;
        boolean later = false;
        for (PointChunk other : chunks) {
            if (later) {
                other.moveUp(to - from);
            }
            later |= other == chunk;
        }
    }

    /** Forgets points that are durable. */
    void release(long durable) {
        while (!chunks.isEmpty() && chunks.peek().end() <= durable) {
            PointChunk done = chunks.remove();
            if (done == filling) {
                filling = null;
            }
            pool.giveBack(done, !chunks.isEmpty());
        }
    }

    /** Forgets all points. */
    void clear() {
        release(Long.MAX_VALUE);
    }
}
