package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples with a real MLflow server: what was recorded before it started arrives, and the quick start uses it. */
final class OnServerTest {
    private static final String ABSENCE = "the samples are not tried with MLflow's server: MLOPS_PYTHON does not name a"
            + " Python that has it (.ci/run sets it up)";
    private static final Pattern ADDRESS = Pattern.compile("no server at (http://\\S+):");

    @TempDir
    private Path folder;

    private static String python() {
        if (!Boolean.parseBoolean(System.getProperty("mlops.test.servers", "true"))) {
            abort("real servers are tried in another run");
        }
        String python = System.getenv().getOrDefault("MLOPS_PYTHON", "");
        if (python.isBlank()) {
            assertThat(System.getenv("CI")).as(ABSENCE).isNotEqualTo("true");
            System.out.println(ABSENCE);
            abort(ABSENCE);
        }
        return python;
    }

    @Test
    void trainsBeforeThereIsAServerAndStartsQuickly() throws Exception {
        Path mlflow = Path.of(python()).resolveSibling("mlflow");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        List<Outcome> quickStarts = new ArrayList<>();
        // What waits for Enter has started the server, so that others may use it meanwhile.
        OfflineTraining.Wait others = () -> {
            Matcher address = ADDRESS.matcher(said.toString(StandardCharsets.UTF_8));
            assertThat(address.find()).isTrue();
            quickStarts.add(Outcome.ofQuickStart(folder, "--store", address.group(1)));
            return '\n';
        };

        new OfflineTraining(mlflow.toString(), folder, others, new PrintStream(said, true, StandardCharsets.UTF_8))
                .run();

        // Two params and two hundred points.
        assertThat(said.toString(StandardCharsets.UTF_8))
                .containsPattern("trained, with no server .*accepted=202, delivered=0, durable=0, pending=202")
                .containsPattern("the server has it: .*accepted=202, delivered=202, durable=202, pending=0")
                .containsPattern("http://127.0.0.1:\\d+/#/experiments/\\d+/runs/[0-9a-f]{32}");
        assertThat(quickStarts).singleElement().satisfies(quickStart -> {
            assertThat(quickStart.err()).isEmpty();
            assertThat(quickStart.out()).contains("income/1 registered", "Look around: http://127.0.0.1:");
        });
    }
}
