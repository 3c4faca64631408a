package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Tables.Point;
import io.mlops.backends.http.standin.Tables.Run;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls that log metrics, params and tags, and the history of a metric. */
final class LogCalls {
    private final Tables tables;
    private final Release release;

    LogCalls(Tables tables, Release release) {
        this.tables = tables;
        this.release = release;
    }

    void addTo(Routes routes) {
        routes.add("POST", "runs/log-batch", this::batch);
        routes.add("POST", "runs/log-metric", this::metric);
        routes.add("POST", "runs/log-parameter", this::param);
        routes.add("POST", "runs/set-tag", this::tag);
        routes.add("GET", "metrics/get-history", this::history);
    }

    private ObjectNode batch(Arguments call) {
        String id = call.required("run_id");
        if (!id.matches("[a-zA-Z0-9][\\w-]{0,255}")) {
            throw Refusal.invalid("Invalid value \"" + id + "\" for parameter 'run_id' supplied.");
        }
        List<Point> points = points(call);
        Map<String, String> params = checked(call.items("params"), "params", 6000);
        List<Arguments> tags = call.items("tags");
        Map<String, String> checkedTags = checked(tags, "tags", release.longestTag());
        limit("metrics", 1000, points.size());
        limit("params", 100, call.items("params").size());
        limit("tags", 100, tags.size());
        limit("metrics, params, and tags", 1000, points.size() + params.size() + tags.size());
        if (params.size() < call.items("params").size()) {
            throw Refusal.invalid("Duplicate parameter keys have been submitted.");
        }
        Run run = tables.activeRun(id);
        // Each of these is a transaction of its own.
        log(run, params);
        log(run, points);
        checkedTags.forEach((key, value) -> RunCalls.tag(run, key, value));
        return Answers.object();
    }

    private static List<Point> points(Arguments call) {
        List<Point> points = new ArrayList<>();
        for (Arguments each : call.items("metrics")) {
            String path = "metrics[" + points.size() + "]";
            points.add(point(each, path + "."));
        }
        return points;
    }

    private static Point point(Arguments given, String path) {
        for (String field : new String[] {"key", "value", "timestamp"}) {
            if (given.text(field).isEmpty()) {
                throw Refusal.missing(path + field);
            }
        }
        long time = given.number("timestamp", 0);
        Keys.check(path + "name", given.text("key"));
        if (time < 0) {
            throw Refusal.invalid("Invalid value " + time + " for parameter '" + path
                    + "timestamp' supplied: Timestamp must be a nonnegative long (64-bit integer)");
        }
        return Point.of(given.text("key"), given.decimal("value"), time, given.number("step", 0));
    }

    private Map<String, String> checked(List<Arguments> pairs, String path, int longest) {
        Map<String, String> checked = new LinkedHashMap<>();
        for (Arguments pair : pairs) {
            Keys.check(path + "[" + checked.size() + "].key", pair.required("key"));
            checked.put(pair.text("key"), Keys.cut(path, longest, pair.text("value"), release));
        }
        return checked;
    }

    private static void limit(String what, int limit, int count) {
        if (count > limit) {
            throw Refusal.invalid("A batch logging request can contain at most " + limit + " " + what + ". Got " + count
                    + " " + what + ". Please split up " + what + " across multiple requests and try again.");
        }
    }

    private static void log(Run run, Map<String, String> params) {
        params.forEach((key, value) -> {
            String old = run.params.get(key);
            if (old != null && !old.equals(value)) {
                throw Refusal.invalid("Changing param values is not allowed. Params were already logged='" + key
                        + "' for run ID='" + run.id + "'.");
            }
        });
        run.params.putAll(params);
    }

    private void log(Run run, List<Point> points) {
        if (release.three()) {
            points.forEach(run::add);
            return;
        }
        List<Point> instances = distinct(points);
        if (insertable(run, instances)) {
            instances.forEach(run::add);
            return;
        }
        repair(run, instances);
    }

    /** Leaves out equal points; not-a-number equals nothing, itself included. */
    private static List<Point> distinct(List<Point> points) {
        Set<Point> seen = new LinkedHashSet<>();
        List<Point> distinct = new ArrayList<>();
        for (Point point : points) {
            if (seen.add(point) || point.nan()) {
                distinct.add(point);
            }
        }
        return distinct;
    }

    private static boolean insertable(Run run, List<Point> points) {
        return new HashSet<>(points).size() == points.size() && points.stream().noneMatch(run::has);
    }

    /**
     * Sorts out what a batch repeats as servers before 3 do: by the keys of 100 points at a time, so that what is known
     * under other keys is inserted again, and refused by the database.
     */
    private static void repair(Run run, List<Point> points) {
        for (int from = 0; from < points.size(); from += 100) {
            Set<String> keys = new HashSet<>();
            points.subList(from, Math.min(from + 100, points.size())).forEach(point -> keys.add(point.key()));
            List<Point> missing = points.stream()
                    .filter(point -> point.nan() || !keys.contains(point.key()) || !run.has(point))
                    .toList();
            if (!insertable(run, missing)) {
                throw Refusal.database("UNIQUE constraint failed: metrics.key, metrics.timestamp, metrics.step, …");
            }
            missing.forEach(run::add);
        }
    }

    private ObjectNode metric(Arguments call) {
        String id = call.required("run_id");
        Point point = point(call, "");
        log(tables.activeRun(id), List.of(point));
        return Answers.object();
    }

    private ObjectNode param(Arguments call) {
        String id = call.required("run_id");
        Map<String, String> param = checked(List.of(call), "param", 6000);
        log(tables.activeRun(id), param);
        return Answers.object();
    }

    private ObjectNode tag(Arguments call) {
        String id = call.required("run_id");
        Map<String, String> tag = checked(List.of(call), "tag", release.longestTag());
        tag.forEach((key, value) -> RunCalls.tag(tables.activeRun(id), key, value));
        return Answers.object();
    }

    private ObjectNode history(Arguments call) {
        String id = RunCalls.id(call);
        String key = call.required("metric_key");
        Run run = tables.runs.get(id);
        List<Point> points = run == null || !run.points.containsKey(key) ? List.of() : List.copyOf(run.points.get(key));
        if (!release.three()) {
            // Everything at once, whatever page was asked for.
            return Answers.page("metrics", points, "", Integer.MAX_VALUE, Answers::point, false);
        }
        long size = call.number("max_results", Integer.MAX_VALUE);
        if (size <= 0) {
            throw Refusal.invalid("Invalid value " + size + " for parameter 'max_results' supplied.");
        }
        return Answers.page("metrics", points, call.text("page_token"), size, Answers::point, false);
    }
}
