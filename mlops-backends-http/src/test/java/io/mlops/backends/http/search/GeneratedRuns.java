package io.mlops.backends.http.search;

import io.mlops.api.common.Digest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.http.server.Answers;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.RunDocuments;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.server.StoredName;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Fields;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the same runs on a server and in memory: ours and such as others make, many of them alike. */
final class GeneratedRuns {
    static final List<String> EXPERIMENTS = List.of("churn", "größe ~", "it's \"x\"");
    static final List<String> KEYS = List.of("a", "val loss", "opt/name", "größe", "x.y-z", "select");
    static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "Kim",
            "\u212aim",
            "kiss",
            "KISS",
            "\u017f",
            "1",
            "10",
            "it's",
            "say \"x\"",
            "it's \"x\"",
            "back\\slash",
            "end\\",
            "new\nline",
            "100%",
            "a_b",
            "[x]",
            "x^y",
            "größe",
            "GRÖSSE",
            "😀",
            "a😀b",
            " lead",
            "trail ",
            "x AND y",
            "NULL",
            "-- c",
            "/* x */",
            "a;b",
            "`",
            "ab".repeat(150));
    static final List<String> NAMES =
            List.of("small steps", "Large steps", "", "x".repeat(300), "x".repeat(299) + "y", "n~0123456789abcdef");
    static final List<String> DIGESTS = List.of("00ff", "ab".repeat(32), "ab".repeat(31) + "ac", "ff01aa02");
    static final long NOON = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();
    static final long ONE = NOON + 3_600_000;

    private static final List<Double> NUMBERS =
            List.of(0.0, 1.0, -1.0, 0.5, 1e300, -1e300, Double.MIN_VALUE, Double.NaN, Double.MAX_VALUE, 7.0);
    private static final int KEPT_OF_DIGEST = 36;

    /** A run as it was drawn. */
    private record Drawn(
            boolean ours,
            String experiment,
            String name,
            long started,
            @Nullable String parent,
            Map<String, String> tags,
            Map<String, String> params,
            Map<String, Double> metrics,
            List<RunInput> inputs,
            List<RunChange> ends) {}

    private final Wire wire;
    private final RunStore memory;
    private final Random random;
    private final Map<String, String> experimentIds = new HashMap<>();
    /** The server's ids by those that users know. */
    private final Map<String, String> storeIds = new TreeMap<>();

    GeneratedRuns(Wire wire, RunStore memory, Random random) {
        this.wire = wire;
        this.memory = memory;
        this.random = random;
    }

    /** Ids of the runs that were made. */
    List<String> ids() {
        return List.copyOf(storeIds.keySet());
    }

    void make(int count) {
        for (String name : EXPERIMENTS) {
            Call call = Call.post(Call.mlflow("experiments/create")).body(JsonBody.of(Map.of("name", name)));
            experimentIds.put(name, wire.call(call, Answers.field("experiment_id", Fields::text)));
        }
        for (int i = 0; i < count; i++) {
            Drawn run = draw();
            String id = "run-" + i + pick(List.of("", "k", "-K", "_s"));
            String storeId = create(run, id);
            RunId known = new RunId(run.ours() ? id : storeId);
            storeIds.put(known.value(), storeId);
            fill(run, storeId);
            remember(run, known);
        }
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private Drawn draw() {
        boolean ours = !oneIn(4);
        String name = pick(NAMES);
        String parent = storeIds.isEmpty() || !oneIn(3) ? null : pick(ids());
        return new Drawn(
                ours,
                pick(EXPERIMENTS),
                ours || !StoredName.RUN.shortens(name) ? name : "theirs",
                NOON + random.nextInt(5),
                // Others know the server's ids only.
                ours || parent == null ? parent : storeIds.get(parent),
                drawTexts("mlflow.user"),
                drawTexts("p"),
                drawMetrics(),
                drawInputs(ours),
                drawEnds());
    }

    private Map<String, String> drawTexts(String another) {
        Map<String, String> texts = new TreeMap<>();
        List<String> keys = new ArrayList<>(KEYS);
        keys.add(another);
        keys.stream().filter(key -> oneIn(2)).forEach(key -> texts.put(key, pick(TEXTS)));
        return texts;
    }

    private Map<String, Double> drawMetrics() {
        Map<String, Double> metrics = new TreeMap<>();
        KEYS.stream().filter(key -> oneIn(2)).forEach(key -> metrics.put(key, pick(NUMBERS)));
        return metrics;
    }

    private List<RunInput> drawInputs(boolean ours) {
        Map<String, RunInput> inputs = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String hex = pick(DIGESTS);
            Digest digest = ours ? new Digest("any", hex) : new Digest("mlflow", kept(hex));
            String name = pick(List.of("rows", "Rows", "it's"));
            String role = pick(List.of("training", "test"));
            inputs.putIfAbsent(name + kept(hex), new RunInput(name, digest, null, "file:x", role));
        }
        return List.copyOf(inputs.values());
    }

    private List<RunChange> drawEnds() {
        Instant ended = Instant.ofEpochMilli(ONE + random.nextInt(4));
        RunOutcome outcome =
                pick(List.of(new RunOutcome.Finished(), new RunOutcome.Killed(""), RunOutcome.Failed.because(null)));
        RunChange end = new RunChange.Ended(outcome, ended);
        if (oneIn(2)) {
            return List.of();
        }
        if (oneIn(4)) {
            return List.of(end, new RunChange.Deleted(ended));
        }
        return outcome instanceof RunOutcome.Killed && oneIn(2)
                ? List.of(end, new RunChange.Resumed(ended))
                : List.of(end);
    }

    private static String kept(String digest) {
        return digest.substring(0, Math.min(KEPT_OF_DIGEST, digest.length()));
    }

    private String create(Drawn run, String id) {
        Map<String, String> tags = new TreeMap<>(run.tags());
        String parent = run.parent();
        if (!run.ours()) {
            tags.compute(RunFact.PARENT_TAG, (key, none) -> parent);
        } else {
            tags.put(Reserved.ID, id);
            tags.compute(Reserved.PARENT, (key, none) -> parent);
            tags.compute(Reserved.NAME, (key, none) -> StoredName.RUN.shortens(run.name()) ? run.name() : null);
            // A run whose parent came to the server later does not have this one.
            tags.compute(RunFact.PARENT_TAG, (key, none) -> parent != null && oneIn(2) ? storeIds.get(parent) : null);
        }
        Map<String, Object> request = Map.of(
                "experiment_id", experimentIds.get(run.experiment()),
                "start_time", run.started(),
                "run_name", StoredName.RUN.of(run.name()),
                "tags", pairs(tags));
        Call call = Call.post(Call.mlflow("runs/create")).body(JsonBody.of(request));
        return wire.call(call, Answers.field("run", ServerRun::read)).storeId();
    }

    private void fill(Drawn run, String storeId) {
        List<Map<String, Object>> points = new ArrayList<>();
        run.metrics()
                .forEach((key, value) -> points.add(
                        Map.of("key", key, "value", value.isNaN() ? "NaN" : value, "timestamp", 1, "step", 0)));
        send("log-batch", storeId, Map.of("metrics", points, "params", pairs(run.params())));
        if (!run.inputs().isEmpty()) {
            List<Object> datasets = new ArrayList<>();
            for (RunInput input : run.inputs()) {
                datasets.add(Map.of(
                        "dataset",
                        Map.of(
                                "name", input.name(),
                                "digest", kept(input.digest().hex()),
                                "source_type", "local",
                                "source", input.source()),
                        "tags",
                        pairs(Map.of("mlflow.data.context", input.role()))));
            }
            send("log-inputs", storeId, Map.of("datasets", datasets));
            Map<String, String> ours = run.ours() ? RunDocuments.inputs(run.inputs(), 0) : Map.of();
            send("log-batch", storeId, Map.of("tags", pairs(ours)));
        }
        run.ends().forEach(change -> end(change, storeId));
    }

    private void end(RunChange change, String storeId) {
        if (change instanceof RunChange.Ended ended) {
            String status = RunStatus.of(ended.outcome()).name();
            send(
                    "update",
                    storeId,
                    Map.of("status", status, "end_time", ended.at().toEpochMilli()));
        } else if (change instanceof RunChange.Deleted) {
            send("delete", storeId, Map.of());
        } else {
            send("update", storeId, Map.of("status", "RUNNING", "end_time", 0));
        }
    }

    private void send(String endpoint, String storeId, Map<String, ?> fields) {
        Map<String, Object> request = new HashMap<>(fields);
        request.put("run_id", storeId);
        Call call = Call.post(Call.mlflow("runs/" + endpoint)).body(JsonBody.of(request));
        boolean unused = wire.call(call, AnswerReader.ignoring());
    }

    private static List<Map<String, String>> pairs(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
                .toList();
    }

    private void remember(Drawn run, RunId id) {
        memory.create(new RunDraft(
                id,
                run.experiment(),
                run.name(),
                Instant.ofEpochMilli(run.started()),
                run.parent() == null ? null : new RunId(run.parent()),
                run.tags()));
        run.metrics()
                .forEach((key, value) -> memory.append(
                        id,
                        MetricBatch.of(
                                "w" + (key.hashCode() & 0xffff), 0, key, new long[1], new long[] {1}, new double[] {
                                    value
                                })));
        List<RunChange> changes = new ArrayList<>();
        run.params().forEach((key, value) -> changes.add(new RunFact.ParamSet(key, value)));
        run.inputs().forEach(input -> changes.add(new RunFact.Used(input)));
        changes.addAll(run.ends());
        memory.change(id, changes);
    }
}
