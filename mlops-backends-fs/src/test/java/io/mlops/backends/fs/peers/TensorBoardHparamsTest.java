package io.mlops.backends.fs.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that TensorBoard's HPARAMS tab shows runs by their names, with params, metrics and how they ended. */
@NeedsPeer(Peer.PYTHON)
final class TensorBoardHparamsTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int RUNS = 60;

    @TempDir
    private Path store;

    private static Map<String, Double> metrics(JsonNode group) {
        Map<String, Double> metrics = new TreeMap<>();
        group.path("metricValues")
                .forEach(metric -> metrics.put(
                        metric.path("name").path("tag").asText(),
                        metric.path("value").asDouble()));
        return metrics;
    }

    private static String status(JsonNode group) {
        return group.path("sessions").path(0).path("status").asText("STATUS_UNKNOWN");
    }

    private void recordSweep(Mlops mlops) {
        for (int i = 0; i < RUNS; i++) {
            int trees = 10 * i;
            try (Run run = mlops.tracker().start(RunSpec.of("sweep").name("trees " + trees))) {
                run.param("trees", trees);
                run.param("rate", 0.1 + i / 1000.0);
                run.param("booster", i % 2 == 0 ? "gbtree" : "dart");
                run.param("early", i % 2 == 0);
                run.metric("auc", i / 64.0);
                run.metric("loss", 1 - i / 64.0);
                run.complete();
            }
        }
    }

    private static void assertShows(TensorBoard board) {
        Map<String, JsonNode> groups = board.hparams();
        assertThat(groups).hasSize(RUNS);
        for (int i = 0; i < RUNS; i++) {
            JsonNode group = groups.get("trees " + 10 * i);
            assertThat(group).as("trees %s", 10 * i).isNotNull();
            JsonNode params = group.get("hparams");
            assertThat(params.get("trees").asDouble()).isEqualTo(10.0 * i);
            assertThat(params.get("rate").asDouble()).isEqualTo(0.1 + i / 1000.0);
            assertThat(params.get("booster").asText()).isEqualTo(i % 2 == 0 ? "gbtree" : "dart");
            assertThat(params.get("early").asBoolean()).isEqualTo(i % 2 == 0);
            assertThat(params).hasSize(4);
            assertThat(metrics(group)).isEqualTo(Map.of("auc", i / 64.0, "loss", 1 - i / 64.0));
            assertThat(status(group)).isEqualTo("STATUS_SUCCESS");
            JsonNode session = group.get("sessions").get(0);
            assertThat(session.get("endTimeSecs").asDouble())
                    .isGreaterThanOrEqualTo(session.get("startTimeSecs").asDouble());
        }
        assertThat(board.hparamsColumns())
                .containsExactly(
                        "metric auc", "metric loss", "param booster", "param early", "param rate", "param trees");
    }

    @Test
    void aSweepIsShownByNamesParamsAndMetrics() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store);
                TensorBoard board = TensorBoard.start(store)) {
            recordSweep(mlops);
            await().atMost(LONG).untilAsserted(() -> assertShows(board));
            board.awaitShows(mlops.tracker(), "sweep");
            try (TensorBoard classic = TensorBoard.startClassic(store)) {
                await().atMost(LONG).untilAsserted(() -> assertShows(classic));
                classic.awaitShows(mlops.tracker(), "sweep");
            }
        }
    }

    @Test
    void aRunIsShownWhileItRunsAndWithHowItEnded() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store);
                TensorBoard board = TensorBoard.start(store);
                Run run = mlops.tracker().start(RunSpec.of("live").name("first"))) {
            run.param("seed", 1234567890123456789L);
            run.metric("loss", 0.5);
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode group = board.hparams().get("first");
                assertThat(group).isNotNull();
                assertThat(group.get("hparams").get("seed").asText())
                        .as("to the last digit")
                        .isEqualTo("1234567890123456789");
                assertThat(metrics(group)).isEqualTo(Map.of("loss", 0.5));
                assertThat(status(group)).isEqualTo("STATUS_UNKNOWN");
            });
            run.fail(new IOException("no data"));
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(status(board.hparams().get("first"))).isEqualTo("STATUS_FAILURE"));
        }
    }

    @Test
    void paramsThatComeLaterAreShown() throws IOException {
        RunId id = new RunId("late");
        try (Mlops mlops = Mlops.open("file:" + store)) {
            try (Run run = mlops.tracker().start(RunSpec.of("live").id(id))) {
                run.param("depth", 3);
                run.metric("loss", 0.5);
                assertThat(run.flush(LONG)).isTrue();
                run.param("stopped after", 17);
                run.metric("loss", 0.25);
                assertThat(run.flush(LONG)).isTrue();
                for (boolean fast : new boolean[] {true, false}) {
                    try (TensorBoard board = fast ? TensorBoard.start(store) : TensorBoard.startClassic(store)) {
                        await().atMost(LONG).untilAsserted(() -> assertLate(board, "STATUS_RUNNING"));
                    }
                }
                run.complete();
            }
            try (TensorBoard board = TensorBoard.start(store)) {
                await().atMost(LONG).untilAsserted(() -> assertLate(board, "STATUS_SUCCESS"));
                board.awaitShows(mlops.tracker(), "live");
            }
            mlops.tracker().change(id, new RunFact.Renamed("the late one"));
            try (TensorBoard board = TensorBoard.start(store)) {
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(board.hparams()).containsOnlyKeys("the late one"));
            }
        }
    }

    private static void assertLate(TensorBoard board, String status) {
        JsonNode group = board.hparams().get("late");
        assertThat(group).isNotNull();
        assertThat(group.get("hparams").get("depth").asInt()).isEqualTo(3);
        assertThat(group.get("hparams").get("stopped after").asInt()).isEqualTo(17);
        assertThat(metrics(group)).isEqualTo(Map.of("loss", 0.25));
        assertThat(status(group)).isEqualTo(status);
    }

    @Test
    void aResumedRunIsShownAsItIsNow() throws IOException {
        RunId id = new RunId("again");
        try (Mlops mlops = Mlops.open("file:" + store)) {
            try (Run run = mlops.tracker().start(RunSpec.of("live").id(id))) {
                run.param("depth", 3);
                run.metric("loss", 0.5);
                run.fail(new IOException("no data"));
            }
            Run run = mlops.tracker().resume(id);
            run.param("rate", 0.5);
            run.metric("loss", 0.25);
            run.complete();
            try (TensorBoard board = TensorBoard.start(store)) {
                await().atMost(LONG).untilAsserted(() -> {
                    JsonNode group = board.hparams().get("again");
                    assertThat(group).isNotNull();
                    assertThat(group.get("hparams")).hasSize(2);
                    assertThat(status(group)).isEqualTo("STATUS_SUCCESS");
                });
            }
        }
    }
}
