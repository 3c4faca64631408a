package io.mlops.backends.fs.event;

import io.mlops.api.tracker.MetricPoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One page of a metric's history while it is gathered: the earliest points beyond a given one, and one more, which
 * tells that there is a next page. Not thread-safe.
 */
final class HistoryPage implements EventPoints.Sink {
    /** The file and the offset of the record in which a point was found. */
    private record Place(String file, long record) {}

    private final byte[] tag;
    private final int wanted;
    private final @Nullable MetricPoint after;
    private final TreeMap<MetricPoint, Place> smallest = new TreeMap<>(MetricPoint.BY_TIME);
    private final Map<String, HistoryToken.Position> positions = new LinkedHashMap<>();

    private String file = "";
    private boolean knownSorted;
    private boolean sorted;
    private long record;
    private long firstLeft;
    private long lastMillis;
    private long lastStep;
    private double lastValue;
    /** The latest of the gathered points once there are enough, null before; later points need not be gathered. */
    private @Nullable MetricPoint greatest;

    HistoryPage(String metric, int limit, @Nullable MetricPoint after) {
        this.tag = metric.getBytes(StandardCharsets.UTF_8);
        this.wanted = limit == Integer.MAX_VALUE ? limit : limit + 1;
        this.after = after;
    }

    /** Begins with a file, from the position at which the page before left it. */
    void begin(String name, HistoryToken.Position from) {
        file = name;
        knownSorted = from.sorted();
        sorted = true;
        firstLeft = Long.MAX_VALUE;
        lastMillis = Long.MIN_VALUE;
        lastStep = Long.MIN_VALUE;
        lastValue = Double.NEGATIVE_INFINITY;
    }

    /** Notes the offset of the record whose points come next. */
    void record(long start) {
        record = start;
    }

    /** Notes the offset at which the next page begins to read this file. */
    void end(long readTo, boolean whole) {
        boolean inOrder = whole ? sorted : knownSorted && sorted;
        positions.put(file, new HistoryToken.Position(Math.min(firstLeft, readTo), inOrder));
    }

    @Override
    public boolean point(byte[] bytes, int tagFrom, int tagLength, long step, long millis, double value) {
        if (tagLength != tag.length || !Arrays.equals(tag, 0, tagLength, bytes, tagFrom, tagFrom + tagLength)) {
            return true;
        }
        sorted &= compare(millis, step, value, lastMillis, lastStep, lastValue) >= 0;
        lastMillis = millis;
        lastStep = step;
        lastValue = value;
        if (after != null && compare(millis, step, value, after) <= 0) {
            return true;
        }
        if (greatest != null && compare(millis, step, value, greatest) > 0) {
            firstLeft = Math.min(firstLeft, record);
            return !knownSorted;
        }
        MetricPoint point = new MetricPoint(step, Instant.ofEpochMilli(millis), value);
        if (smallest.putIfAbsent(point, new Place(file, record)) == null && smallest.size() >= wanted) {
            makeRoom();
        }
        return true;
    }

    /** Returns the points, in order, equal ones once. */
    List<MetricPoint> points() {
        return List.copyOf(smallest.keySet());
    }

    /**
     * Returns the offset in each file at which the next page begins to read: that of the first record with a point that
     * is not on this page.
     */
    Map<String, HistoryToken.Position> positions() {
        if (smallest.size() >= wanted) {
            leave(smallest.lastEntry().getValue());
        }
        return positions;
    }

    private void makeRoom() {
        if (smallest.size() > wanted) {
            leave(smallest.pollLastEntry().getValue());
        }
        greatest = smallest.lastKey();
    }

    private void leave(Place place) {
        HistoryToken.Position noted = positions.get(place.file());
        if (noted == null) {
            firstLeft = Math.min(firstLeft, place.record());
        } else if (place.record() < noted.offset()) {
            positions.put(place.file(), new HistoryToken.Position(place.record(), noted.sorted()));
        }
    }

    private static int compare(long millis, long step, double value, MetricPoint other) {
        return compare(millis, step, value, other.time().toEpochMilli(), other.step(), other.value());
    }

    private static int compare(long millis, long step, double value, long millis2, long step2, double value2) {
        int byTime = Long.compare(millis, millis2);
        int byStep = byTime == 0 ? Long.compare(step, step2) : byTime;
        return byStep == 0 ? Double.compare(value, value2) : byStep;
    }
}
