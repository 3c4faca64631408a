package io.mlops.backends.fs.event;

import io.mlops.api.tracker.MetricPoint;
import io.mlops.core.query.Pages;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The token of a page of a history: the last point handed out, and for each file an offset before which all points have
 * been.
 *
 * @param last the last point handed out; null before the first page
 */
record HistoryToken(@Nullable MetricPoint last, Map<String, Position> positions) {
    /**
     * An offset in an event file.
     *
     * @param sorted whether a pass over the whole file found the metric's points in order, so that the next may end early
     */
    record Position(long offset, boolean sorted) {
        static final Position START = new Position(0, false);
    }

    Position position(String file) {
        return positions.getOrDefault(file, Position.START);
    }

    static HistoryToken parse(@Nullable String token) {
        return token == null ? new HistoryToken(null, Map.of()) : Pages.read(token, HistoryToken::ofText);
    }

    private static HistoryToken ofText(String text) {
        String[] parts = text.split(" ", -1);
        MetricPoint last = new MetricPoint(
                Long.parseLong(parts[1]),
                Instant.ofEpochMilli(Long.parseLong(parts[0])),
                Double.longBitsToDouble(Long.parseLong(parts[2])));
        Map<String, Position> positions = new LinkedHashMap<>();
        for (int i = 3; i + 1 < parts.length; i += 2) {
            boolean sorted = parts[i + 1].endsWith("s");
            String offset = sorted ? parts[i + 1].substring(0, parts[i + 1].length() - 1) : parts[i + 1];
            positions.put(parts[i], new Position(Long.parseLong(offset), sorted));
        }
        return new HistoryToken(last, positions);
    }

    @Override
    public String toString() {
        if (last == null) {
            return "";
        }
        StringJoiner text = new StringJoiner(" ");
        text.add(Long.toString(last.time().toEpochMilli()));
        text.add(Long.toString(last.step()));
        text.add(Long.toString(Double.doubleToLongBits(last.value())));
        positions.forEach((file, position) -> text.add(file).add(position.offset() + (position.sorted() ? "s" : "")));
        return text.toString();
    }
}
