package io.mlops.backends.http.run;

import io.mlops.api.tracker.MetricPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a history ended.
 *
 * @param last the last point of the page
 * @param held points after that which the server's pages so far had already
 * @param next the token of the server's page on which the others come; empty for the first one
 */
record HistoryPlace(MetricPoint last, List<MetricPoint> held, String next) {
    /** The token after which the server has no points. */
    static final String END = "-";

    /** Number of points that a token tells at most. */
    static final int MOST_HELD = 16;

    private static final String WHOLE = "*";

    /** The place in a history of which the server has to be asked again from its beginning. */
    static HistoryPlace beginning(MetricPoint last) {
        return new HistoryPlace(last, List.of(), "");
    }

    /** The place in a history that the server gave whole. */
    static HistoryPlace ofWhole(MetricPoint last) {
        return new HistoryPlace(last, List.of(), WHOLE);
    }

    boolean isOfWhole() {
        return next.equals(WHOLE);
    }

    boolean isOfEnd() {
        return next.equals(END);
    }

    @Nullable
    String token() {
        return next.isEmpty() ? null : next;
    }

    String text() {
        StringBuilder text = new StringBuilder().append(held.size()).append(' ');
        append(text, last);
        held.forEach(point -> append(text, point));
        return text.append(next).toString();
    }

    private static void append(StringBuilder text, MetricPoint point) {
        text.append(point.time().toEpochMilli())
                .append(' ')
                .append(point.step())
                .append(' ')
                .append(Double.doubleToLongBits(point.value()))
                .append(' ');
    }

    /** Reads what {@link #text} wrote; fails with any exception if it did not. */
    static HistoryPlace parse(String text) {
        int points = 1 + Integer.parseInt(text.substring(0, text.indexOf(' ')));
        String[] parts = text.split(" ", 2 + 3 * points);
        List<MetricPoint> told = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            told.add(new MetricPoint(
                    Long.parseLong(parts[3 * i + 2]),
                    Instant.ofEpochMilli(Long.parseLong(parts[3 * i + 1])),
                    Double.longBitsToDouble(Long.parseLong(parts[3 * i + 3]))));
        }
        return new HistoryPlace(told.get(0), List.copyOf(told.subList(1, points)), parts[3 * points + 1]);
    }
}
