package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is durable before what: each promise rests on these orders. */
final class SyncOrderTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RunId ID = new RunId("run-1");

    @TempDir
    private Path folder;

    private TracingDisk disk;
    private FsBackend backend;

    @BeforeEach
    void open() {
        Path root = folder.resolve("store");
        disk = new TracingDisk(root);
        backend = FsBackend.at(root, disk);
    }

    private void create() {
        backend.runs().create(new RunDraft(ID, "churn", "run", NOON, null, Map.of()));
    }

    private void append(long offset) {
        backend.runs()
                .append(ID, MetricBatch.of("w", offset, "m", new long[] {offset}, new long[] {offset}, new double[1]));
    }

    private List<String> changed() {
        return List.of(
                "sync <staged>", "rename to experiments/churn/run-1/run.json", "sync folder experiments/churn/run-1");
    }

    @Test
    void aNewStoreIsThereBeforeAnythingElse() {
        assertThat(disk.steps()).isEmpty();
        backend.experiments().ensure("churn", NOON);

        assertThat(disk.steps())
                .containsSequence("sync <staged>", "link to store.json", "sync folder ", "sync folder ..");
    }

    @Test
    void aNewRunCostsTwoSyncsOnceItsExperimentIsThere() {
        backend.experiments().ensure("churn", NOON);
        disk.steps();

        create();

        assertThat(disk.steps())
                .containsExactly(
                        "sync <staged>", "link to experiments/churn/run-1/run.json", "sync folder experiments/churn");
    }

    @Test
    void theEndOfARunTakesThreeSyncs() {
        create();
        append(0);
        disk.steps();

        backend.runs()
                .change(
                        ID,
                        List.of(new RunFact.ParamSet("a", "b"), new RunChange.Ended(new RunOutcome.Finished(), NOON)));

        assertThat(disk.steps())
                .containsExactly(
                        "append experiments/churn/run-1/metrics-000001-w.tfevents",
                        "sync experiments/churn/run-1/metrics-000001-w.tfevents",
                        "sync <staged>",
                        "rename to experiments/churn/run-1/run.json",
                        "sync folder experiments/churn/run-1");
    }

    @Test
    void theEndOfARecordedRunTakesThreeSyncs() {
        try (Mlops mlops = Mlops.using(backend)) {
            mlops.tracker().run("churn", run -> run.metric("m", 1));
            mlops.tracker().run("churn", run -> {
                run.metric("m", 1);
                run.artifacts().putText("a", "b");
                disk.steps();
            });

            assertThat(disk.steps().stream().filter(step -> step.startsWith("sync")))
                    .hasSize(3);
        }
    }

    @Test
    void whatRunsRanInIsThereBeforeTheFirstOfThemNamesItAndCostsTheOthersNothing() {
        RunFact ranIn = new RunFact.RanIn(new RunEnvironment(Map.of("os.name", "Plan 9"), List.of(), Map.of()));
        create();
        disk.steps();

        backend.runs().change(ID, List.of(ranIn));

        assertThat(disk.steps().stream().map(step -> step.replaceAll("[0-9a-f]{64}", "<digest>")))
                .containsExactly(
                        "sync <staged>",
                        "link to environments/<digest>.json",
                        "sync folder environments",
                        "sync folder ",
                        "sync <staged>",
                        "rename to experiments/churn/run-1/run.json",
                        "sync folder experiments/churn/run-1");
        backend.runs().create(new RunDraft(new RunId("run-2"), "churn", "run", NOON, null, Map.of()));
        disk.steps();
        backend.runs().change(new RunId("run-2"), List.of(ranIn));
        assertThat(disk.steps()).hasSize(3);
    }

    @Test
    void appendingSyncsNothing() {
        create();
        disk.steps();

        append(0);
        append(1);

        assertThat(disk.steps()).allMatch(step -> step.startsWith("append"));
    }

    @Test
    void askingTwiceForTheSameCostsNothingTheSecondTime() {
        create();
        backend.runs().change(ID, List.of(new RunFact.Tagged("a", "b")));
        disk.steps();

        backend.runs().change(ID, List.of(new RunFact.Tagged("a", "b")));
        backend.runs().change(ID, List.of());

        assertThat(disk.steps()).isEmpty();
    }

    @Test
    void theFirstChangeMakesAFreshRunDurableThoughNothingChanges() {
        create();
        disk.steps();

        backend.runs().change(ID, List.of());

        assertThat(disk.steps()).isEqualTo(changed());
    }

    @Test
    void anArtifactIsWholeBeforeItsListNamesIt() {
        create();
        disk.steps();

        var unused = backend.artifacts().put(ID, Map.of(RelativePath.of("b/c.txt"), Content.text("x")));

        assertThat(disk.steps())
                .containsExactly(
                        "sync <staged>",
                        "rename to experiments/churn/run-1/artifacts/b/c.txt",
                        "sync folder experiments/churn/run-1",
                        "sync folder experiments/churn/run-1/artifacts",
                        "sync folder experiments/churn/run-1/artifacts/b",
                        "sync <staged>",
                        "rename to experiments/churn/run-1/artifacts.json",
                        "sync folder experiments/churn/run-1");
    }

    @Test
    void aVersionIsWholeBeforeItHasANumber() throws IOException {
        Path model = Files.writeString(folder.resolve("m.bin"), "x");
        try (Mlops mlops = Mlops.using(backend)) {
            var first = mlops.registry().register(ModelSpec.of("churn", model));
            assertThat(disk.steps())
                    .endsWith("claim models/churn/1", "sync folder models/churn")
                    .contains("sync folder registry", "sync folder models");

            var second = mlops.registry().register(ModelSpec.of("churn", model).parent(first.number()));

            assertThat(second.number()).isEqualTo(2);
            assertThat(disk.steps())
                    .containsExactly(
                            "sync <staged>/MLmodel",
                            "sync <staged>/m.bin",
                            "sync <staged>/version.json",
                            "sync folder <staged>",
                            "claim models/churn/2",
                            "sync folder models/churn");
        }
    }

    @Test
    void everyEighthMovePutsOlderOnesAsideBeforeTheyLoseTheirNames() throws IOException {
        Path model = Files.writeString(folder.resolve("m.bin"), "x");
        try (Mlops mlops = Mlops.using(backend)) {
            var version = mlops.registry().register(ModelSpec.of("churn", model));
            for (int i = 1; i <= 23; i++) {
                var unused = mlops.registry().move(AliasMove.of("churn@champion", version));
            }
            disk.steps();

            var unused = mlops.registry().move(AliasMove.of("churn@champion", version));

            assertThat(disk.steps())
                    .startsWith(
                            "sync folder models/churn",
                            "sync <staged>",
                            "link to registry/churn/aliases-00000024.json",
                            "sync folder registry/churn",
                            "link to registry/churn/moves/aliases-00000001.json")
                    .endsWith("link to registry/churn/moves/aliases-00000016.json", "sync folder registry/churn/moves");
        }
    }

    @Test
    void aMoveTakesThreeSyncs() throws IOException {
        Path model = Files.writeString(folder.resolve("m.bin"), "x");
        try (Mlops mlops = Mlops.using(backend)) {
            var version = mlops.registry().register(ModelSpec.of("churn", model));
            disk.steps();

            var unused = backend.models().move(AliasMove.of("churn@champion", version.id()), "anna", NOON);

            assertThat(disk.steps())
                    .containsExactly(
                            "sync folder models/churn",
                            "sync <staged>",
                            "link to registry/churn/aliases-00000001.json",
                            "sync folder registry/churn");
        }
    }
}
