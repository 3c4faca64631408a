package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunDetail;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs ran in, in a folder: recorded without being asked, once for all runs, and never in the way of one. */
final class EnvironmentFilesTest {
    @TempDir
    private Path folder;

    private Mlops open(MlopsConfig config) {
        return Mlops.open("file:" + folder.resolve("store"), config);
    }

    private Mlops open() {
        return open(MlopsConfig.standard());
    }

    private List<Path> files() throws IOException {
        Path environments = folder.resolve("store/environments");
        if (!Files.exists(environments)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(environments)) {
            return files.toList();
        }
    }

    @Test
    void aRunRecordsWhatItRunsInWithoutBeingAsked() throws IOException {
        try (Mlops mlops = open()) {
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 1));

            RunEnvironment found = mlops.tracker().environment(id).orElseThrow();

            assertThat(found.facts())
                    .containsEntry("java.version", System.getProperty("java.version"))
                    .containsKeys("user", "os.name", "cores");
            assertThat(found.dependencies())
                    .anySatisfy(dependency -> assertThat(dependency.name()).isEqualTo("org.slf4j:slf4j-api"));
            RunInfo run = mlops.tracker().get(id);
            assertThat(found.missingFor(run)).containsKeys("seed", "inputs");
            assertThat(run.tags()).containsEntry("mlflow.user", found.facts().get("user"));
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void runsOfOneProgramShareOneFileAlsoFromLaterProcesses() throws IOException {
        for (int process = 0; process < 3; process++) {
            try (Mlops mlops = open(MlopsConfig.standard().records(Set.of(RunDetail.SYSTEM)))) {
                for (int i = 0; i < 5; i++) {
                    mlops.tracker().run("churn", run -> run.metric("loss", 1));
                }
            }
        }

        assertThat(files()).hasSize(1);
        try (Mlops mlops = open()) {
            assertThat(mlops.tracker().search(RunQuery.of("churn")))
                    .hasSize(15)
                    .allSatisfy(run ->
                            assertThat(mlops.tracker().environment(run.id())).isPresent());
        }
    }

    @Test
    void whatIsSwitchedOffIsNotRecorded() throws IOException {
        try (Mlops mlops = open(MlopsConfig.standard().without(RunDetail.values()))) {
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 1));

            assertThat(mlops.tracker().environment(id)).isEmpty();
            assertThat(mlops.tracker().get(id).tags()).isEmpty();
        }
        assertThat(files()).isEmpty();
        try (Mlops mlops = open(MlopsConfig.standard().without(RunDetail.USER, RunDetail.DEPENDENCIES))) {
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 1));

            assertThat(mlops.tracker().environment(id).orElseThrow().facts())
                    .containsKey("java.version")
                    .doesNotContainKey("user");
            assertThat(mlops.tracker().environment(id).orElseThrow().dependencies())
                    .isEmpty();
        }
    }

    @Test
    void aDamagedOrMissingFileIsToldOfAndHidesNothingElse() throws IOException {
        RunId id;
        try (Mlops mlops = open()) {
            id = mlops.tracker().run("churn", run -> run.metric("loss", 1));
        }
        Path file = files().get(0);
        String text = Files.readString(file);
        try (Mlops mlops = open()) {
            for (String damaged : List.of(text.replace("\"os.name\"", "\"os.NAME\""), text.substring(1), "")) {
                Files.writeString(file, damaged);
                assertThatThrownBy(() -> mlops.tracker().environment(id))
                        .isInstanceOf(CorruptDataException.class)
                        .hasMessageContaining(file.toString());
            }
            Files.delete(file);
            assertThatThrownBy(() -> mlops.tracker().environment(id))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContainingAll(file.toString(), "run.json");

            assertThat(mlops.tracker().get(id).metric("loss")).isEqualTo(1);
            assertThat(mlops.tracker().search(RunQuery.of("churn"))).hasSize(1);
        }
    }

    @Test
    @QuietExtension.Warned
    void whatWasDamagedIsWholeAgainWithTheNextRun() throws IOException {
        MlopsConfig config = MlopsConfig.standard().records(Set.of(RunDetail.SYSTEM));
        RunId first;
        try (Mlops mlops = open(config)) {
            first = mlops.tracker().run("churn", run -> run.metric("loss", 1));
        }
        Files.writeString(files().get(0), "{}");
        RunId second;
        try (Mlops mlops = open(config)) {
            second = mlops.tracker().run("churn", run -> run.metric("loss", 1));
            Files.delete(files().get(0));
            RunId third = mlops.tracker().run("churn", run -> run.metric("loss", 1));

            for (RunId id : List.of(first, second, third)) {
                assertThat(mlops.tracker().environment(id)).isPresent();
            }
        }
    }

    @Test
    @QuietExtension.Warned
    void aRunEndsWithoutItWhereItCannotBeKept() throws IOException {
        Files.createDirectories(folder.resolve("store"));
        try (Mlops mlops = open()) {
            mlops.tracker().experiments().ensure("churn");
            // Somebody else's, say, in a store that several users share.
            Files.writeString(folder.resolve("store/environments"), "a file");
            RunId id = mlops.tracker().run("churn", run -> run.param("trees", 200));

            RunInfo run = mlops.tracker().get(id);
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(run.params()).containsEntry("trees", "200");
            assertThat(run.tags()).containsKey("mlflow.user");
            assertThat(mlops.tracker().environment(id)).isEmpty();
            assertThat(mlops.delivery().lost()).isZero();
        }
    }
}
