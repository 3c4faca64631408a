package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores of other versions: the golden one, and one that a newer version added to. */
final class VersionSkewTest {
    private static final RunId ID = new RunId("20261121-120000-7f3a9c4e51d2");
    private static final String RUN = "experiments/Churn-Gr-e~3a6fc47256a1/" + ID;
    private static final List<String> ODD_NUMBERS = List.of("1.10", "1e400", "18446744073709551616", "-0.0", "1E+2");

    @TempDir
    private Path folder;

    private Path root;

    /** Unpacks the golden store. */
    @BeforeEach
    void unpack() throws IOException {
        root = folder.resolve("store");
        String all;
        try (InputStream in = VersionSkewTest.class.getResourceAsStream("/golden/store.txt")) {
            all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (String part : all.substring("==== ".length()).split("\n==== ", -1)) {
            int end = part.indexOf('\n');
            Path file = root.resolve(part.substring(0, end));
            Files.createDirectories(file.getParent());
            Files.writeString(file, part.substring(end + 1));
        }
        // The text names it only; nothing here reads it, but its length is looked at.
        Files.write(root.resolve(RUN + "/metrics-000001-a1b2c3d4.tfevents"), new byte[390]);
    }

    private void edit(String file, String from, String to) throws IOException {
        String text = Files.readString(root.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(root.resolve(file), text.replace(from, to));
    }

    @Test
    void theGoldenStoreIsRead() throws IOException {
        try (FsBackend store = FsBackend.at(root)) {
            RunInfo run = store.runs().find(ID).orElseThrow();
            assertThat(run.experiment()).isEqualTo("Churn Größe");
            assertThat(run.status()).isEqualTo(RunStatus.FAILED);
            assertThat(run.params()).isEqualTo(Map.of("trees", "200"));
            assertThat(run.metric("auc")).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(run.inputs())
                    .containsExactly(new RunInput(
                            "customers", Digest.parse("md5:00ff"), null, "s3://bucket/customers.csv", "training"));
            ModelVersion version =
                    store.models().find(new ModelVersionId("churn", 1)).orElseThrow();
            assertThat(version.tags()).containsEntry("reviewed", "yes");
            assertThat(version.run()).isEqualTo(ID);
            assertThat(store.artifacts()
                            .open(version.id(), RelativePath.of("model.bin"))
                            .bytes()
                            .readAllBytes())
                    .asString()
                    .isEqualTo("weights");
            assertThat(store.models().find("churn").orElseThrow().description()).isEqualTo("who leaves");
        }
    }

    @Test
    void whatANewerVersionAddedSurvivesARewriteAtEveryLevelToTheLetter() throws IOException {
        String added =
                "\"x-numbers\": [" + String.join(", ", ODD_NUMBERS) + "], \"x-object\": {\"deep\": {\"er\": null}},";
        edit(RUN + "/run.json", "\"status\": \"FAILED\",", "\"status\": \"PAUSED\", " + added);
        edit(RUN + "/run.json", "\"loss\": {", "\"loss\": { \"unit\": \"nats\",");
        edit(RUN + "/run.json", "\"a1b2c3d4\": {", "\"a1b2c3d4\": { \"host\": \"a\",");
        edit(RUN + "/run.json", "\"name\": \"customers\",", "\"name\": \"customers\", \"rows\": 1.10,");
        edit(RUN + "/artifacts.json", "\"bytes\": 5,", "\"bytes\": 5, \"mime\": \"text/plain\",");
        edit("registry/churn/model.json", "\"tags\": {}", "\"tags\": {}, \"owner-team\": {\"id\": 1.10}");
        edit("registry/churn/versions/1.json", "\"tags\": {", "\"x\": 1e400, \"tags\": {");

        try (FsBackend store = FsBackend.at(root)) {
            assertThat(store.runs().find(ID).orElseThrow().status()).isEqualTo(RunStatus.UNKNOWN);
            var appended = store.runs()
                    .append(ID, MetricBatch.of("w", 0, "loss", new long[] {2}, new long[] {3000}, new double[] {0.05}));
            store.runs().change(ID, List.of(new RunFact.Tagged("seen", "yes")));
            var put = store.artifacts().put(ID, Map.of(RelativePath.of("notes/a.txt"), Content.text("longer")));
            for (ModelChange change :
                    List.of(new ModelChange.Tagged("a", "b"), new ModelChange.VersionDescribed(1, "deeper"))) {
                store.models().change("churn", change);
            }
            assertThat(appended).isEqualTo(1);
            assertThat(put).hasSize(1);
            assertThat(store.runs().find(ID).orElseThrow().metric("loss")).isEqualTo(0.05);
        }

        String run = Files.readString(root.resolve(RUN + "/run.json"));
        assertThat(run.replaceAll("\\s+", " "))
                .contains("\"status\": \"PAUSED\"", "\"x-object\": { \"deep\": { \"er\": null } }", "\"seen\": \"yes\"")
                .contains("\"x-numbers\": [ " + String.join(", ", ODD_NUMBERS) + " ]")
                .contains("\"unit\": \"nats\"", "\"host\": \"a\"", "\"rows\": 1.10");
        assertThat(root.resolve(RUN + "/artifacts.json"))
                .content()
                .contains("\"mime\": \"text/plain\"", "\"bytes\": 6");
        assertThat(root.resolve("registry/churn/model.json")).content().contains("\"id\": 1.10", "\"a\": \"b\"");
        assertThat(root.resolve("registry/churn/versions/1.json")).content().contains("\"x\": 1e400", "deeper");
    }

    @Test
    void whatANewerVersionAddedToAnExperimentSurvivesToo() throws IOException {
        edit("experiments/kept/experiment.json", "\"tags\": {", "\"budget\": {\"usd\": 1.10}, \"tags\": {");

        try (FsBackend store = FsBackend.at(root)) {
            store.experiments().change("kept", new ExperimentChange.Tagged("seen", "yes"), Instant.EPOCH);
        }
        assertThat(root.resolve("experiments/kept/experiment.json"))
                .content()
                .contains("\"usd\": 1.10", "\"seen\": \"yes\"");
    }

    @Test
    void whatANewerVersionSaysOfAnAliasIsHandedOnByEachMove() throws IOException {
        edit(
                "registry/churn/aliases-00000002.json",
                "\"aliases\": {}",
                "\"aliases\": {\"shadow\": {\"version\": 1, \"share\": 1.10}}, \"x\": [1e400]");

        try (FsBackend store = FsBackend.at(root)) {
            for (AliasMove move : List.of(AliasMove.of("churn@champion", 1), AliasMove.remove("churn@champion"))) {
                var unused = store.models().move(move, "ben", Instant.EPOCH);
            }
            assertThat(store.models().find("churn").orElseThrow().aliases()).isEqualTo(Map.of("shadow", 1));
        }
        assertThat(Files.readString(root.resolve("registry/churn/aliases-00000004.json"))
                        .replaceAll("\\s+", " "))
                .contains("\"shadow\": { \"version\": 1, \"share\": 1.10 }", "\"x\": [ 1e400 ]", "\"revision\": 4")
                .doesNotContain("recalled");
    }

    @Test
    void anythingThatOnlyNewerVersionsMayWriteIsReadAndNotChanged() throws IOException {
        List<String> newer = List.of(
                "experiments/kept/experiment.json",
                "registry/churn/aliases-00000002.json",
                "registry/churn/model.json",
                "registry/churn/versions/1.json");
        for (String file : newer) {
            edit(file, "\"write\": 1", "\"write\": 2");
        }

        try (FsBackend store = FsBackend.at(root)) {
            assertThat(store.experiments().find("kept")).isPresent();
            assertThat(store.models().find("churn")).isPresent();
            assertRefused(
                    newer.get(0),
                    () -> store.experiments().change("kept", new ExperimentChange.Tagged("a", "b"), Instant.EPOCH));
            assertRefused(
                    newer.get(1), () -> store.models().move(AliasMove.of("churn@champion", 1), "ben", Instant.EPOCH));
            assertRefused(newer.get(2), () -> store.models().change("churn", new ModelChange.Tagged("a", "b")));
            assertRefused(
                    newer.get(3), () -> store.models().change("churn", new ModelChange.VersionDescribed(1, "deeper")));
        }
        assertThat(root.resolve("registry/churn/aliases-00000003.json")).doesNotExist();
    }

    private static void assertRefused(String file, ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll(file, "format 2", "upgrade");
    }

    @Test
    void aRunThatOnlyNewerVersionsMayWriteIsReadAndNotChanged() throws IOException {
        edit(RUN + "/run.json", "\"write\": 1", "\"write\": 2");
        String before = Files.readString(root.resolve(RUN + "/run.json"));

        try (FsBackend store = FsBackend.at(root)) {
            assertThat(store.runs().find(ID)).isPresent();
            assertThatThrownBy(() -> store.runs().change(ID, List.of(new RunFact.Tagged("a", "b"))))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("run.json", "format 2", "upgrade");
        }
        assertThat(root.resolve(RUN + "/run.json")).hasContent(before);
    }

    @Test
    void aDocumentThatOnlyNewerVersionsCanReadIsRefusedByName() throws IOException {
        edit("models/churn/1/version.json", "\"read\": 1", "\"read\": 2");
        edit("registry/churn/aliases-00000002.json", "\"read\": 1", "\"read\": 7");

        try (FsBackend store = FsBackend.at(root)) {
            assertThatThrownBy(() -> store.models().find(new ModelVersionId("churn", 1)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("version.json", "format 2");
            assertThatThrownBy(() -> store.models().move(AliasMove.remove("churn@x"), "ben", Instant.EPOCH))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("aliases-00000002.json", "format 7");
        }
    }
}
