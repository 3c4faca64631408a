package io.mlops.backends.fs.event;

import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.backends.fs.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The points of runs by writer, in the order in which each wrote them. Whoever reads on where the read before ended goes
 * through the files once, however many keys they have. Thread-safe.
 */
public final class WrittenPoints {
    private static final int MAX_REMEMBERED = 10_000;

    /** A place in a file, at a record's start, and the number of points before it in the file. */
    private record Mark(long points, long offset) {
        static final Mark START = new Mark(0, 0);
    }

    /** The places in a file up to which it was read last, and at most. */
    private record Marks(Mark last, Mark most) {
        static final Marks NONE = new Marks(Mark.START, Mark.START);

        /** Returns the last of the places that so many points lie before, at least, and that the file still has. */
        Mark before(long points, long length) {
            Mark best = Mark.START;
            for (Mark mark : new Mark[] {last, most}) {
                if (mark.points() >= best.points() && mark.points() <= points && mark.offset() <= length) {
                    best = mark;
                }
            }
            return best;
        }
    }

    /** What is taken of the points of a file: those behind so many, as long as there is room. */
    private static final class Taking implements EventPoints.Sink {
        private final MetricColumns taken = new MetricColumns();
        private final int limit;
        private long skip;
        private long seen;

        /** Takes so many points at most, from those on that come after so many. */
        Taking(long skip, int limit) {
            this.skip = skip;
            this.limit = limit;
        }

        boolean full() {
            return taken.size() >= limit;
        }

        @Override
        public boolean point(byte[] bytes, int tagFrom, int tagLength, long step, long millis, double value) {
            if (seen >= skip) {
                if (full()) {
                    return false;
                }
                taken.add(new String(bytes, tagFrom, tagLength, StandardCharsets.UTF_8), step, millis, value);
            }
            seen++;
            return true;
        }
    }

    private final Store store;
    private final MetricHistory history;
    /** Where reads of files ended; a file that was moved or removed is forgotten with all others. */
    private final Map<Path, Marks> marks = new ConcurrentHashMap<>();

    /** Makes the points of the runs of a store. */
    public WrittenPoints(Store store, MetricHistory history) {
        this.store = store;
        this.history = history;
    }

    /** Counts the points of each writer; what is damaged or missing is left out with a warning. */
    public SortedMap<String, Long> count(Path run) throws IOException {
        history.compare(run);
        SortedMap<String, Long> counts = new TreeMap<>();
        for (EventFile file : EventFile.of(store, run)) {
            Taking none = new Taking(Long.MAX_VALUE, 0);
            read(run, file, none);
            if (none.seen > 0) {
                counts.merge(file.writer(), none.seen, Long::sum);
            }
        }
        return counts;
    }

    /** Reads points of a writer, as many as there are behind the offset up to the limit. */
    public MetricBatch read(Path run, String writer, long offset, int limit) throws IOException {
        Taking taking = new Taking(offset, limit);
        for (EventFile file : EventFile.of(store, run)) {
            if (file.writer().equals(writer) && !taking.full()) {
                read(run, file, taking);
                taking.skip = Math.max(0, taking.skip - taking.seen);
                taking.seen = 0;
            }
        }
        return taking.taken.batch(writer, offset);
    }

    /** Forgets where reads of a run ended, which is removed. */
    public void forget(Path run) {
        marks.keySet().removeIf(file -> file.startsWith(run));
    }

    private void read(Path run, EventFile file, Taking taking) throws IOException {
        long length = Math.min(file.bytes(), file.goodLength());
        Marks known = marks.getOrDefault(file.path(), Marks.NONE);
        Mark from = known.before(taking.skip, length);
        taking.seen = from.points();
        if (from.offset() >= length) {
            return;
        }
        EventPoints points = new EventPoints();
        try (EventReader reader = file.open(store.damage(), from.offset(), Long.MAX_VALUE)) {
            if (reader == null) {
                return;
            }
            Mark last = from;
            boolean more = true;
            while (more && reader.advance()) {
                last = new Mark(taking.seen, reader.recordStart());
                more = points.read(reader.data(), reader.dataFrom(), reader.dataLength(), taking);
            }
            if (more) {
                last = new Mark(taking.seen, reader.goodEnd());
                file.reportDamage(store.damage(), reader, () -> history.mayEndAnywhere(run, file));
            }
            remember(file.path(), known, last);
        }
    }

    private void remember(Path file, Marks known, Mark last) {
        if (marks.size() >= MAX_REMEMBERED) {
            marks.clear();
        }
        Mark most = last.offset() > known.most().offset() ? last : known.most();
        marks.put(file, new Marks(last, most));
    }
}
