package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Limits;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what every {@link RunStore} must do with the environments of runs. */
abstract class EnvironmentContract extends StoreSuite {
    private static final RunId ID = new RunId("run-1");

    private RunStore store() {
        return backend().runs();
    }

    private void make(RunId id, Map<String, String> tags) {
        var unused = store().create(new RunDraft(id, "churn", "first", NOON, null, tags));
    }

    private static RunEnvironment environment(String commit) {
        return new RunEnvironment(
                Map.of(
                        "java.version",
                        "17.0.15",
                        "git.commit",
                        commit,
                        "git.branch",
                        "größe/😀",
                        "user",
                        "anna",
                        "main.class",
                        "com.example.Train",
                        "git.remote",
                        "https://example.com/churn.git"),
                List.of(
                        new Dependency("org.example:b", "1.0", Digest.sha256(new byte[32]), "b-1.0.jar", null),
                        new Dependency("org.example:a", null, null, "a.jar", "b-1.0.jar"),
                        new Dependency("org.example:merged", "2", null, null, "a.jar")),
                Map.of("git.changes", "something is not committed", "digest of a.jar", "it cannot be read"));
    }

    private static RunChange ranIn(String commit) {
        return new RunFact.RanIn(environment(commit));
    }

    @Test
    void anEnvironmentIsKeptInFull() {
        make(ID, Map.of());
        assertThat(store().environment(ID)).isEmpty();

        store().change(ID, List.of(ranIn("c0ffee")));

        assertThat(store().environment(ID)).contains(environment("c0ffee"));
    }

    @Test
    void manyRunsMayShareOneEnvironment() {
        for (int i = 0; i < 10; i++) {
            RunId id = new RunId("run-" + i);
            make(id, Map.of());
            store().change(
                            id,
                            List.of(
                                    ranIn("commit " + i % 2),
                                    new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(1))));
        }

        for (int i = 0; i < 10; i++) {
            assertThat(store().environment(new RunId("run-" + i))).contains(environment("commit " + i % 2));
        }
    }

    @Test
    void theLastEnvironmentCountsAndTwiceIsOnce() {
        make(ID, Map.of());
        store().change(ID, List.of(ranIn("1"), ranIn("2")));
        store().change(ID, List.of(ranIn("2")));
        RunInfo once = store().find(ID).orElseThrow();

        store().change(ID, List.of(ranIn("2")));

        assertThat(store().environment(ID)).contains(environment("2"));
        assertThat(store().find(ID)).contains(once);
    }

    @Test
    void whatMlflowShowsIsFoundByItsTags() {
        make(ID, Map.of());
        store().change(ID, List.of(ranIn("c0ffee")));

        assertThat(store().find(ID).orElseThrow().tags())
                .isEqualTo(Map.of(
                        "mlflow.user", "anna",
                        "mlflow.source.name", "com.example.Train",
                        "mlflow.source.git.commit", "c0ffee",
                        "mlflow.source.git.branch", "größe/😀",
                        "mlflow.source.git.repoURL", "https://example.com/churn.git"));
        assertThat(store().search(
                                RunQuery.of("churn").where("tags.`mlflow.source.git.commit` = 'c0ffee'"),
                                PageRequest.first(10))
                        .items())
                .extracting(RunInfo::id)
                .containsExactly(ID);
    }

    @Test
    void aTagOfTheUsersIsNeverOverwritten() {
        make(ID, Map.of("mlflow.user", "the team"));

        store().change(
                        ID,
                        List.of(
                                new RunFact.Tagged("mlflow.source.name", "nightly"),
                                ranIn("c0ffee"),
                                new RunFact.Tagged("mlflow.source.git.branch", "mine")));

        assertThat(store().find(ID).orElseThrow().tags())
                .containsEntry("mlflow.user", "the team")
                .containsEntry("mlflow.source.name", "nightly")
                .containsEntry("mlflow.source.git.branch", "mine")
                .containsEntry("mlflow.source.git.commit", "c0ffee");
    }

    @Test
    void anEnvironmentTakesNoneOfTheRoomForTags() {
        make(ID, Map.of());
        List<RunChange> most = new ArrayList<>(List.of(ranIn("1")));
        for (int i = 0; i < Limits.TAGS; i++) {
            most.add(new RunFact.Tagged("tag-" + i, ""));
        }
        store().change(ID, most);
        store().change(ID, List.of(ranIn("2"), new RunFact.Tagged("mlflow.user", "the team")));

        assertThatThrownBy(() -> store().change(ID, List.of(new RunFact.Tagged("one-more", ""))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("run-1", "tags", "one-more");
        assertThat(store().environment(ID)).contains(environment("2"));
        assertThat(store().find(ID).orElseThrow().tags())
                .hasSize(Limits.TAGS + RunEnvironment.TAGS.size())
                .containsEntry("mlflow.user", "the team");
    }

    @Test
    void purgingARunLeavesTheEnvironmentsOfOthers() {
        RunId other = new RunId("run-2");
        RunChange ended = new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(1));
        for (RunId id : List.of(ID, other)) {
            make(id, Map.of());
            store().change(id, List.of(ranIn("c0ffee"), ended));
        }
        store().change(ID, List.of(new RunChange.Deleted(NOON.plusSeconds(2))));

        Instant later = Instant.parse("2100-01-01T00:00:00Z");
        if (!promises(Capability.PURGE)) {
            assertThatThrownBy(() -> backend().experiments().purge(later))
                    .isInstanceOf(UnsupportedByBackendException.class);
            assertThat(store().environment(ID)).contains(environment("c0ffee"));
            return;
        }
        PurgeStep unused = backend().experiments().purge(later);

        assertThat(store().environment(other)).contains(environment("c0ffee"));
        assertThatThrownBy(() -> store().environment(ID)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aRunThatIsNotThereHasNoEnvironment() {
        assertThatThrownBy(() -> store().environment(ID))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("run-1");
    }
}
