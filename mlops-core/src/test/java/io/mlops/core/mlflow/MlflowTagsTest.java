package io.mlops.core.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** MLflow's spelling, which its screens look for. */
final class MlflowTagsTest {
    @Test
    void whatARunRanInStandsWhereMlflowLooksForIt() {
        Map<String, String> facts = Map.of(
                "user", "anna", "main.class", "Train", "git.commit", "c0ffee", "git.branch", "main", "git.remote", "x");

        assertThat(new RunEnvironment(facts, List.of(), Map.of()).tags())
                .containsOnly(
                        Map.entry(MlflowTags.USER, "anna"),
                        Map.entry(MlflowTags.SOURCE, "Train"),
                        Map.entry(MlflowTags.GIT_COMMIT, "c0ffee"),
                        Map.entry(MlflowTags.GIT_BRANCH, "main"),
                        Map.entry(MlflowTags.GIT_REMOTE, "x"))
                .containsOnlyKeys(
                        "mlflow.user",
                        "mlflow.source.name",
                        "mlflow.source.git.commit",
                        "mlflow.source.git.branch",
                        "mlflow.source.git.repoURL");
        assertThat(MlflowTags.NOTE).isEqualTo("mlflow.note.content");
        assertThat(RunFact.NAME_TAG).isEqualTo("mlflow.runName");
        assertThat(RunFact.PARENT_TAG).isEqualTo("mlflow.parentRunId");
    }
}
