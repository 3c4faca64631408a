package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that holds what older versions took and servers do not. */
final class FormerRulesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RunId ID = new RunId("run-1");
    private static final String DECOMPOSED = "cafe\u0301";
    private static final String NUL = "a\0b";

    @TempDir
    private Path root;

    /** Makes a store of today, and writes into its documents what is refused today. */
    @BeforeEach
    void makeStore() throws IOException {
        try (FsBackend store = FsBackend.at(root)) {
            recordRun(store);
            registerModel(store);
        }
        Path artifacts = root.resolve("experiments/churn/run-1/artifacts");
        Files.move(artifacts.resolve("former-folder"), artifacts.resolve(".mlops"));
        List<Path> documents;
        try (Stream<Path> files = Files.walk(root)) {
            documents = files.filter(file -> file.toString().endsWith(".json")).toList();
        }
        for (Path document : documents) {
            String text = Files.readString(document);
            if (text.contains("former-")) {
                ByHand.write(
                        document,
                        text.replace("former-key", DECOMPOSED)
                                .replace("former-value", "a\\u0000b")
                                .replace("former-tag", "mlops.store.name")
                                .replace("former-folder", ".mlops"));
            }
        }
    }

    private static void recordRun(FsBackend store) {
        store.runs().create(new RunDraft(ID, "churn", "run", NOON, null, Map.of("former-key", "x")));
        DataReference data = DataReference.external("d", Digest.sha256(new byte[32]), "former-value");
        store.runs()
                .change(
                        ID,
                        List.of(
                                new RunFact.ParamSet("former-key", "former-value"),
                                new RunFact.Tagged("former-tag", "x"),
                                new RunFact.Used(RunInput.of(data, "training")),
                                new RunChange.Ended(new RunOutcome.Killed("former-value"), NOON)));
        var unused = store.artifacts().put(ID, Map.of(RelativePath.of("former-folder/x.txt"), Content.text("x")));
        store.experiments()
                .change(
                        "churn",
                        new ExperimentChange.Described(
                                MetricInfo.of("former-key").higherIsBetter().owner("former-value")),
                        NOON);
    }

    private static void registerModel(FsBackend store) {
        ModelDraft draft = new ModelDraft(
                "k",
                "churn",
                new TreeMap<>(Map.of(RelativePath.of("m"), Content.text("m"))),
                null,
                List.of(),
                null,
                null,
                "former-value",
                Map.of("former-tag", "former-value"),
                "anna",
                NOON);
        ModelVersionId version = store.models().create(draft).id();
        store.models().change("churn", new ModelChange.Tagged("former-tag", "former-value"));
        AliasMove move = AliasMove.of("churn@champion", version).because("former-value");
        AliasEvent unusedMove = store.models().move(move, "anna", NOON);
    }

    @Test
    void runsAreReadAndFound() {
        for (int again = 0; again < 2; again++) {
            try (FsBackend store = FsBackend.at(root)) {
                RunInfo run = store.runs().find(ID).orElseThrow();
                assertThat(run.params()).isEqualTo(Map.of(DECOMPOSED, NUL));
                assertThat(run.tags()).isEqualTo(Map.of(DECOMPOSED, "x", "mlops.store.name", "x"));
                assertThat(run.outcome()).isEqualTo(new RunOutcome.Killed(NUL));
                assertThat(run.inputs()).extracting(RunInput::source).containsExactly(NUL);
                for (String condition : List.of(
                        "params.`" + DECOMPOSED + "` LIKE 'a%'",
                        "tags.`" + DECOMPOSED + "` = 'x'",
                        "tags.`mlops.store.name` = 'x'")) {
                    RunQuery query = RunQuery.of("churn").where(condition);
                    assertThat(store.runs().search(query, PageRequest.first(9)).items())
                            .as(condition)
                            .containsExactly(run);
                }
                RunQuery ordered = RunQuery.of().orderByMetric(DECOMPOSED, MetricInfo.Direction.HIGHER_IS_BETTER);
                assertThat(store.runs().search(ordered, PageRequest.first(9)).items())
                        .containsExactly(run);
            }
        }
    }

    @Test
    void artifactsOfTheFolderThatIsReservedNowAreRead() throws IOException {
        try (FsBackend store = FsBackend.at(root)) {
            assertThat(store.artifacts().list(ID, null, PageRequest.first(9)).items())
                    .extracting(ArtifactEntry::path)
                    .containsExactly(RelativePath.of(".mlops/x.txt"));
            try (var bytes =
                    store.artifacts().open(ID, RelativePath.of(".mlops/x.txt")).bytes()) {
                assertThat(bytes.readAllBytes()).asString().isEqualTo("x");
            }
        }
    }

    @Test
    void modelsTheirHistoryAndMeaningsOfMetricsAreRead() {
        try (FsBackend store = FsBackend.at(root)) {
            assertThat(store.models().find(new ModelVersionId("churn", 1))).hasValueSatisfying(version -> {
                assertThat(version.description()).isEqualTo(NUL);
                assertThat(version.tags()).isEqualTo(Map.of("mlops.store.name", NUL));
            });
            assertThat(store.models().find("churn").orElseThrow().tags()).isEqualTo(Map.of("mlops.store.name", NUL));
            assertThat(store.models().history("churn", PageRequest.first(9)).items())
                    .extracting(AliasEvent::move)
                    .extracting(AliasMove::reason)
                    .containsExactly(NUL);
            Experiment experiment = store.experiments().find("churn").orElseThrow();
            assertThat(experiment.metric(DECOMPOSED))
                    .isEqualTo(MetricInfo.of(DECOMPOSED).higherIsBetter().owner(NUL));
        }
    }

    @Test
    void aTagOfAFormerKeyIsTakenAwayAndTheRunTakesOthers() {
        try (FsBackend store = FsBackend.at(root)) {
            store.runs().change(ID, List.of(new RunFact.Untagged(DECOMPOSED), new RunFact.Tagged("caf\u00e9", "y")));

            assertThat(store.runs().find(ID).orElseThrow().tags())
                    .isEqualTo(Map.of("mlops.store.name", "x", "caf\u00e9", "y"));
        }
    }
}
