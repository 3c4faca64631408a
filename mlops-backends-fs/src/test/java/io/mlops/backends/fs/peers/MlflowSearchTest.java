package io.mlops.backends.fs.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunQuery;
import io.mlops.backends.fs.FsBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a search finds what MLflow's own finds among the same runs, in the same order, or is refused as there. */
@NeedsPeer(Peer.PYTHON)
final class MlflowSearchTest {
    private record Recorded(
            String name, Map<String, String> params, Map<String, String> tags, Map<String, List<Double>> metrics) {}

    private record Asked(String filter, List<String> order) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long START = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();
    private static final double NAN = Double.NaN;

    private static final List<Recorded> RUNS = List.of(
            new Recorded("small steps", Map.of("depth", "10"), Map.of("team", "growth"), Map.of("auc", List.of(0.9))),
            new Recorded(
                    "Large steps",
                    Map.of("depth", "9"),
                    Map.of("team", "it's \"ours\"", "k", "b"),
                    Map.of("auc", List.of(NAN), "val loss", List.of(1.5))),
            new Recorded("nothing", Map.of(), Map.of("k", "a\uff5e"), Map.of()),
            new Recorded("a \ud83d\ude00", Map.of(), Map.of("k", "a\ud83d\ude00"), Map.of("auc", List.of(-0.0))),
            new Recorded("zero", Map.of("opt/name", "Adam"), Map.of("k", "a"), Map.of("auc", List.of(0.0))),
            new Recorded("tie", Map.of(), Map.of("mlflow.runName", "renamed"), Map.of("auc", List.of(0.5, NAN))),
            new Recorded("other tie", Map.of(), Map.of("k", "line\nbreak"), Map.of("auc", List.of(NAN, 0.25))));

    /** Searches that both read. */
    private static final List<String> FILTERS = List.of(
            "",
            "metrics.auc > 0.5",
            "`metric`.auc > 0.2",
            "`metrics`.`auc` >= 0",
            "`metrics`.'auc' < 1",
            "metrics.auc = -0.0",
            "metrics.auc != 0.9",
            "metrics.`val loss` > 1",
            "metrics.\"val loss\" > 1",
            "metrics.auc\u00a0>\u00a00.1\u00a0AND\u00a0metrics.auc\u2003<\u20031",
            "params.depth = '10'",
            "params.'depth' != \"10\"",
            "`params`.`opt/name` ILIKE 'aD_M'",
            "params.depth IS NULL",
            "tags.team IS NOT NULL",
            "tags.team LIKE '%\"ours\"'",
            "tags.k LIKE 'a_'",
            "tags.k LIKE 'a__'",
            "tags.k LIKE '_'",
            "tags.k LIKE 'line_break'",
            "tags.k LIKE 'A%'",
            "run_name LIKE '% _'",
            "`run_name` = 'renamed'",
            "\"run_name\" = 'tie'",
            "`attributes`.`run_name` ILIKE '%STEPS'",
            "attributes.'run_name' = 'nothing'",
            "tags.mlflow.runName = 'renamed'",
            "tags.`mlflow.runName` != 'renamed'",
            "`run`.status = 'RUNNING'",
            "run_id IN ('x')",
            "attr.start_time > " + (START + 3000),
            "created <= " + (START + 3000),
            "dataset.name = 'x'");

    private static final List<String> ORDERS = List.of(
            "metrics.auc",
            "metrics.auc DESC",
            "`metrics`.`auc` asc",
            "metrics.'auc' DESC",
            "tags.k",
            "tags.k DESC",
            "params.depth",
            "run_name",
            "\"run_name\" DESC",
            "`attributes`.start_time",
            "end_time DESC",
            "tags.mlflow.runName",
            "status");

    /** Searches that both refuse. */
    private static final List<String> REFUSED = List.of(
            "\"metric\".auc > 1",
            "'run_name' = 'x'",
            "`metrics.auc` > 1",
            "metrics.auc > 1 OR metrics.auc < 0",
            "(metrics.auc > 1)",
            "metrics.val-loss > 1",
            "metrics.auc > '1'",
            "params.depth > '1'",
            "params.depth = 10",
            "status IN ('RUNNING')",
            "metrics.auc IS NULL",
            "metrics.auc == 1",
            "metrics.auc > nan");

    @TempDir
    private Path folder;

    @Test
    void findsWhatMlflowFinds() throws Exception {
        List<Asked> searches = new ArrayList<>();
        FILTERS.forEach(filter -> searches.add(new Asked(filter, List.of())));
        ORDERS.forEach(order -> searches.add(new Asked("", List.of(order))));
        REFUSED.forEach(filter -> searches.add(new Asked(filter, List.of())));
        JsonNode answers = mlflow(searches);
        try (FsBackend store = FsBackend.at(folder.resolve("store"))) {
            for (int i = 0; i < RUNS.size(); i++) {
                record(store, i, RUNS.get(i));
            }
            for (int i = 0; i < searches.size(); i++) {
                Asked asked = searches.get(i);
                if (i < FILTERS.size() + ORDERS.size()) {
                    assertThat(ours(store, asked))
                            .as("%s", asked)
                            .isEqualTo(answers.get(i).toString());
                } else {
                    assertThat(answers.get(i).asText()).as("%s", asked).startsWith("refused");
                    assertThat(catchThrowable(() -> ours(store, asked)))
                            .as("%s", asked)
                            .isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
    }

    private static String ours(FsBackend store, Asked asked) {
        RunQuery query = RunQuery.of("churn").where(asked.filter());
        for (String term : asked.order()) {
            query = query.orderBy(term);
        }
        return store.runs().search(query, PageRequest.first(1000)).items().stream()
                .map(run -> run.id().value().substring(1))
                .toList()
                .toString()
                .replace(" ", "");
    }

    private static void record(FsBackend store, int number, Recorded recorded) {
        RunId id = new RunId("r" + number);
        Instant start = Instant.ofEpochMilli(START + 1000L * number);
        store.runs().create(new RunDraft(id, "churn", recorded.name(), start, null, Map.of()));
        long sent = 0;
        for (Map.Entry<String, List<Double>> metric : recorded.metrics().entrySet()) {
            for (double value : metric.getValue()) {
                store.runs()
                        .append(
                                id,
                                MetricBatch.of(
                                        "w", sent++, metric.getKey(), new long[1], new long[] {1}, new double[] {value
                                        }));
            }
        }
        List<RunChange> facts = new ArrayList<>();
        recorded.params().forEach((key, value) -> facts.add(new RunFact.ParamSet(key, value)));
        recorded.tags().forEach((key, value) -> facts.add(new RunFact.Tagged(key, value)));
        store.runs().change(id, facts);
    }

    private JsonNode mlflow(List<Asked> searches) throws Exception {
        ObjectNode questions = JSON.createObjectNode();
        ArrayNode runs = questions.putArray("runs");
        for (int i = 0; i < RUNS.size(); i++) {
            Recorded recorded = RUNS.get(i);
            ObjectNode run = runs.addObject().put("name", recorded.name()).put("start", START + 1000L * i);
            run.set("params", JSON.valueToTree(recorded.params()));
            run.set("tags", JSON.valueToTree(recorded.tags()));
            ObjectNode metrics = run.putObject("metrics");
            recorded.metrics().forEach((key, values) -> {
                ArrayNode texts = metrics.putArray(key);
                values.forEach(value -> texts.add(value.toString()));
            });
        }
        questions.set("searches", JSON.valueToTree(searches));
        Path file = folder.resolve("questions.json");
        Files.write(file, JSON.writeValueAsBytes(questions));
        return JSON.readTree(Program.python("search_runs.py", folder.resolve("mlflow.db"), file));
    }
}
