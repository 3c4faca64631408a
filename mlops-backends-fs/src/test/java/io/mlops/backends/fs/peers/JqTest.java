package io.mlops.backends.fs.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that {@code jq} can answer what came out of a run, and where an alias points, without this library. */
@NeedsPeer(Peer.JQ)
final class JqTest {
    @TempDir
    private Path folder;

    @Test
    void readsARun() throws Exception {
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            mlops.tracker().run(RunSpec.of("churn").id("job-1").name("Größe \"M\""), run -> {
                run.params(Map.of("trees", 200, "rate", 0.1, "a b/c", "x'y"));
                run.tag("team", "pricing");
                run.note("# Read\nme");
                for (int step = 0; step < 10; step++) {
                    run.metric("val/loss", 1.0 / (1 + step), step);
                }
                run.metric("bad", Double.NaN);
            });
        }
        assertThat(jq("-r .status")).isEqualTo("FINISHED");
        assertThat(jq("-r .name")).isEqualTo("Größe \"M\"");
        assertThat(jq("-c .params")).isEqualTo("{\"a b/c\":\"x'y\",\"rate\":\"0.1\",\"trees\":\"200\"}");
        assertThat(jq("-r .tags.team")).isEqualTo("pricing");
        assertThat(jq(".metrics[\"val/loss\"] | .value, .step, .min, .max, .count"))
                .isEqualTo("0.1\n9\n0.1\n1\n10");
        assertThat(jq("-r .metrics.bad.value")).isEqualTo("NaN");
        assertThat(jq("-r \".started | sub(\\\"[.][0-9]*\\\"; \\\"\\\") | fromdate > 0\""))
                .isEqualTo("true");
    }

    @Test
    void readsARunThatFailed() throws Exception {
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            mlops.tracker()
                    .start(RunSpec.of("churn").id("job-1"))
                    .fail(new IllegalStateException("no \"data\"\n here"));
        }
        assertThat(jq("-r .status")).isEqualTo("FAILED");
        assertThat(jq("-r .failure.type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(jq("-r .failure.message")).contains("no \"data\"\n here");
    }

    @Test
    void tellsWhereAnAliasPoints() throws Exception {
        Path file = Files.writeString(folder.resolve("model.txt"), "weights");
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            RunId run = mlops.tracker().run("churn", unused -> {});
            for (int number = 1; number <= 12; number++) {
                var version =
                        mlops.registry().register(ModelSpec.of("churn", file).run(run));
                var event = mlops.registry().move(AliasMove.of("churn@champion", version.id()));
                assertThat(event).isNotNull();
            }
            var back = mlops.registry().move(AliasMove.of("churn@champion", 7).expecting(12));
            assertThat(back).isNotNull();
        }
        String question = "jq .aliases.champion.version \"$(ls registry/churn/aliases-*.json | tail -1)\"";
        assertThat(Program.shell(folder.resolve("store"), question)).isEqualTo("7");
    }

    private String jq(String question) throws IOException, InterruptedException {
        Path run = folder.resolve("store/experiments/churn/job-1");
        String quoted = question.startsWith("-") ? question : "'" + question + "'";
        return Program.shell(run, "jq " + quoted + " run.json");
    }
}
