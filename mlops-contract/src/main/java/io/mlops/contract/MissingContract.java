package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import io.mlops.api.tracker.Visibility;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that whoever asks for something that is not there hears what is near, where an empty answer would hide a typo. */
abstract class MissingContract extends ProgramSuite {
    @TempDir
    private Path folder;

    private RunId trained(String experiment) {
        return tracker().run(experiment, run -> {
            run.metric("auc", 0.9);
            run.artifacts().putText("model/weights.txt", "weights");
            run.artifacts().putText("notes.txt", "hello");
        });
    }

    @Test
    void anExperimentThatIsNotThereIsNotAnEmptyOne() {
        RunId id = trained("churn");

        for (RunQuery query : List.of(RunQuery.of("chrun"), RunQuery.of("churn", "chrun"))) {
            Listing<?> found = tracker().search(query);
            assertThatThrownBy(() -> found.first(10))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContainingAll("no experiment 'chrun'", "only churn");
            assertThatThrownBy(() -> found.forEach(run -> {})).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(found::findFirst).isInstanceOf(NotFoundException.class);
        }
        assertThat(tracker().search(RunQuery.of("churn").where("metrics.auc > 1")))
                .isEmpty();
        assertThat(tracker().search(RunQuery.of("churn").where("metrics.auuc > 0")))
                .isEmpty();
        assertThat(tracker().search(RunQuery.childrenOf(id))).isEmpty();
        assertThat(Tracker.noop().search(RunQuery.of("chrun"))).isEmpty();
    }

    @Test
    void anExperimentWithoutRunsIsEmpty() {
        tracker().experiments().ensure("empty");
        RunId id = trained("churn");
        tracker().delete(id);

        assertThat(tracker().search(RunQuery.of("empty"))).isEmpty();
        assertThat(tracker().search(RunQuery.of("empty", "churn")).first(10)).isEmpty();
        tracker().experiments().delete("churn");
        assertThat(tracker().search(RunQuery.of("churn")).first(10)).isEmpty();
        assertThat(tracker().search(RunQuery.of("churn").visibility(Visibility.ALL)))
                .hasSize(1);
    }

    @Test
    void anExperimentThatARunIsAboutToMakeIsNoTypo() {
        try (Run run = tracker().start(RunSpec.of("new"))) {
            List<RunId> found = tracker().search(RunQuery.of("new")).stream()
                    .map(info -> info.id())
                    .toList();
            assertThat(List.of(List.of(), List.of(run.id()))).contains(found);
        }
    }

    @Test
    void aMetricThatARunNeverHadIsNotAnEmptyOne() {
        RunId id = trained("churn");

        assertThat(tracker().history(id, "auc")).hasSize(1);
        for (String typo : List.of("auuc", "metrics.auc")) {
            assertThatThrownBy(() -> tracker().history(id, typo).first(1))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContainingAll(id.value(), "no metric '" + typo + "'", "only auc");
        }
        assertThatThrownBy(() -> tracker().history(new RunId("unknown"), "auc").first(1))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("unknown");
    }

    @Test
    void aRunThatIsRunningMayStillMeasureIt() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            assertThat(tracker().history(run.id(), "auc")).isEmpty();
        }
    }

    @Test
    void aFolderThatIsNotThereIsNotAnEmptyOne() throws Exception {
        RunId id = trained("churn");
        ModelVersion version = registry().register("churn", target -> {
            Files.createDirectories(target.resolve("model"));
            Files.writeString(target.resolve("model/weights.txt"), "weights");
            Files.writeString(target.resolve("notes.txt"), "hello");
        });

        for (Artifacts artifacts : List.of(tracker().artifacts(id), registry().files(version.id()))) {
            assertThat(artifacts.list("model")).hasSize(1);
            assertThatThrownBy(() -> artifacts.list("modell").first(1))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContainingAll("no folder 'modell'", "model");
            assertThatThrownBy(() -> artifacts.list("notes.txt").first(1))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContainingAll("notes.txt", "is an artifact");
            assertThatThrownBy(() -> artifacts.open("note.txt"))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContainingAll("no artifact 'note.txt'", "notes.txt");
            assertThatThrownBy(() -> artifacts.download("modell", folder))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContainingAll("'modell'", "model");
        }
        RunId empty =
                tracker().run("churn", run -> assertThat(run.artifacts().list()).isEmpty());
        assertThat(tracker().artifacts(empty).list("")).isEmpty();
    }

    @Test
    void everyListingSaysWhatItIs() throws Exception {
        RunId id = trained("churn");
        ModelVersion version =
                registry().register("churn", target -> Files.writeString(target.resolve("notes.txt"), "hello"));
        Tracker none = Tracker.noop();

        for (Listing<?> listing : List.<Listing<?>>of(
                tracker().search(RunQuery.of("churn")),
                tracker().history(id, "auc"),
                tracker().artifacts(id).list(),
                tracker().artifacts(id).list("model"),
                tracker().experiments().list(),
                registry().models(),
                registry().versions("churn"),
                registry().history("churn"),
                registry().files(version.id()).list(),
                none.search(RunQuery.of("churn")),
                none.history(id, "auc"),
                none.artifacts(id).list(),
                none.experiments().list())) {
            assertThat(listing.toString()).doesNotContain("$$", "Lambda", "@", "[");
        }
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            assertThat(run.artifacts().list("model").toString())
                    .contains("artifacts of run " + run.id(), "below 'model'");
        }
    }
}
