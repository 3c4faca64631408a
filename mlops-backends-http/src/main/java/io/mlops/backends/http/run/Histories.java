package io.mlops.backends.http.run;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.backends.http.server.Listed;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Fields;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.query.Pages;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the histories of metrics page by page. Servers put NaN among the numbers as if it were 0, so that points of one
 * moment come in their order only once all of them are there; those before 3.1.1 give all points at once. Thread-safe.
 */
final class Histories {
    private static final int LEAST_ASKED = 100;
    private static final int MOST_ASKED = 25_000;
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int MOST_KEPT = 1_000_000;

    /** A history that a server without pages gave, sorted. */
    private record Kept(String storeId, String key, List<MetricPoint> points, long untilNanos) {
        boolean isOf(String otherId, String otherKey) {
            return storeId.equals(otherId) && key.equals(otherKey) && System.nanoTime() - untilNanos < 0;
        }
    }

    private final Wire wire;
    /** The last one that was given whole; any thread may set it. */
    private volatile @Nullable Kept kept;

    Histories(Wire wire) {
        this.wire = wire;
    }

    /** Looks at all points of a metric, in the server's order. */
    void scan(String storeId, String key, Consumer<MetricPoint> each) {
        Set<@Nullable String> seen = new HashSet<>();
        String token = null;
        do {
            Listed<MetricPoint> page = ask(storeId, key, MOST_ASKED, token);
            page.items().forEach(each);
            token = page.token();
        } while (token != null && seen.add(token));
    }

    Page<MetricPoint> page(String storeId, String key, PageRequest request) {
        String token = request.token();
        HistoryPlace from = token == null ? null : Pages.read(token, HistoryPlace::parse);
        Kept whole = kept;
        if (from != null && from.isOfWhole()) {
            return whole != null && whole.isOf(storeId, key)
                    ? ofWhole(whole.points(), from, request.limit())
                    : new Gathering(storeId, key, HistoryPlace.beginning(from.last()), request).page();
        }
        return new Gathering(storeId, key, from, request).page();
    }

    /** A page of a history that was given whole. */
    private static Page<MetricPoint> ofWhole(List<MetricPoint> sorted, @Nullable HistoryPlace from, int limit) {
        int first = 0;
        if (from != null) {
            int found = Collections.binarySearch(sorted, from.last(), MetricPoint.BY_TIME);
            first = found < 0 ? -found - 1 : found + 1;
        }
        int end = (int) Math.min(sorted.size(), first + limit + 1L);
        return Pages.cut(
                sorted.subList(first, end),
                limit,
                last -> HistoryPlace.ofWhole(last).text());
    }

    private Listed<MetricPoint> ask(String storeId, String key, int limit, @Nullable String token) {
        Call call = Call.get(Call.mlflow("metrics/get-history"))
                .query("run_id", storeId)
                .query("metric_key", key)
                .query("max_results", Integer.toString(limit));
        return wire.call(
                token == null ? call : call.query("page_token", token), Listed.in("metrics", Histories::point));
    }

    private static MetricPoint point(JsonParser in) throws IOException {
        long[] stepAndTime = {0, 0};
        double[] value = {Double.NaN};
        Fields.each(in, (name, field) -> {
            switch (name) {
                case "value" -> value[0] = Fields.real(field);
                case "step" -> stepAndTime[0] = Fields.number(field);
                case "timestamp" -> stepAndTime[1] = Fields.number(field);
                default -> {}
            }
        });
        return new MetricPoint(stepAndTime[0], Instant.ofEpochMilli(stepAndTime[1]), value[0]);
    }

    /** Gathers the server's pages until there are whole moments for one of ours. Not thread-safe. */
    private final class Gathering {
        private final String storeId;
        private final String key;
        private final @Nullable HistoryPlace from;
        private final int limit;
        /** The points after the place, each once. */
        private final TreeSet<MetricPoint> points = new TreeSet<>(MetricPoint.BY_TIME);

        Gathering(String storeId, String key, @Nullable HistoryPlace from, PageRequest request) {
            this.storeId = storeId;
            this.key = key;
            this.from = from;
            this.limit = request.limit();
        }

        Page<MetricPoint> page() {
            String token = null;
            if (from != null) {
                points.addAll(from.held());
                token = from.token();
                if (from.isOfEnd()) {
                    return page(List.copyOf(points), HistoryPlace.END);
                }
            }
            Set<@Nullable String> seen = new HashSet<>();
            seen.add(token);
            int asked = Math.max(LEAST_ASKED, Math.min(limit + 1, MOST_ASKED));
            while (true) {
                Listed<MetricPoint> page = ask(storeId, key, asked, token);
                if (page.items().size() > asked) {
                    return keep(page.items());
                }
                page.items().stream()
                        .filter(point -> from == null || MetricPoint.BY_TIME.compare(point, from.last()) > 0)
                        .forEach(points::add);
                String next = page.token();
                if (next == null || !seen.add(next)) {
                    return page(List.copyOf(points), HistoryPlace.END);
                }
                List<MetricPoint> whole = before(page.items().get(page.items().size() - 1));
                if (!whole.isEmpty()) {
                    return page(whole, next);
                }
                token = next;
            }
        }

        /** The points of moments before that of the last one, whose others may be on the server's next page. */
        private List<MetricPoint> before(MetricPoint last) {
            return points.stream()
                    .filter(point -> !point.time().equals(last.time()) || point.step() != last.step())
                    .filter(point -> MetricPoint.BY_TIME.compare(point, last) < 0)
                    .toList();
        }

        private Page<MetricPoint> page(List<MetricPoint> ready, String next) {
            if (ready.isEmpty()) {
                return new Page<>(List.of(), null);
            }
            List<MetricPoint> items = new ArrayList<>(ready.subList(0, Math.min(limit, ready.size())));
            MetricPoint last = items.get(items.size() - 1);
            List<MetricPoint> rest = List.copyOf(points.tailSet(last, false));
            if (rest.isEmpty() && next.equals(HistoryPlace.END)) {
                return new Page<>(items, null);
            }
            HistoryPlace place =
                    rest.size() <= HistoryPlace.MOST_HELD ? new HistoryPlace(last, rest, next) : again(last);
            // A page has a token if there is one more point.
            items.add(last);
            return Pages.cut(items, items.size() - 1, unused -> place.text());
        }

        /** The place from which the server's pages of this time are asked for once more. */
        private HistoryPlace again(MetricPoint last) {
            if (from == null) {
                return HistoryPlace.beginning(last);
            }
            List<MetricPoint> held = from.held().stream()
                    .filter(point -> MetricPoint.BY_TIME.compare(point, last) > 0)
                    .toList();
            return new HistoryPlace(last, held, from.next());
        }

        /** A page of a history that the server gave whole, which is kept for the next pages. */
        private Page<MetricPoint> keep(List<MetricPoint> all) {
            points.clear();
            points.addAll(all);
            List<MetricPoint> sorted = List.copyOf(points);
            if (sorted.size() <= MOST_KEPT) {
                kept = new Kept(storeId, key, sorted, System.nanoTime() + KEPT_NANOS);
            }
            return ofWhole(sorted, from, limit);
        }
    }
}
