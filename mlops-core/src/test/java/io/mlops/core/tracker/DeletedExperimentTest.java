package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs that begin in an experiment that is deleted. */
final class DeletedExperimentTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final MemoryBackend memory = new MemoryBackend();

    private void deleteElsewhere() {
        var unused = memory.experiments().ensure("churn", Instant.EPOCH);
        memory.experiments().change("churn", new ExperimentChange.Deleted(), Instant.EPOCH);
    }

    @Test
    void oneThatSomebodyElseDeletedCostsTheRunUnderAReasonOfItsOwn() {
        deleteElsewhere();
        try (Mlops mlops = Mlops.using(memory)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.metric("loss", 1);
            run.param("rate", 0.1);
            run.complete();

            assertThat(run.flush(LONG)).isFalse();
            assertThat(mlops.delivery()).isEqualTo(new Delivery(2, 0, 0, 0, Map.of("experiment deleted", 2L)));
            assertThat(mlops.tracker().find(run.id())).isEmpty();
        }
    }

    @Test
    void theNextRunThereIsRefusedAtItsStartUntilTheExperimentIsRestored() {
        deleteElsewhere();
        try (Mlops mlops = Mlops.using(memory)) {
            mlops.tracker().run("churn", run -> run.metric("loss", 1));

            assertThatThrownBy(() -> mlops.tracker().start(RunSpec.of("churn")))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("churn", "deleted", "restore");
            memory.experiments().change("churn", new ExperimentChange.Restored(), Instant.EPOCH);
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 1));
            assertThat(mlops.tracker().get(id).metric("loss")).isEqualTo(1);
        }
    }

    @Test
    void oneThatThisProgramDeletedIsRefusedAtOnce() {
        try (Mlops mlops = Mlops.using(memory)) {
            Tracker tracker = mlops.tracker();
            tracker.run("churn", run -> run.metric("loss", 1));
            tracker.experiments().change("churn", new ExperimentChange.Deleted());

            assertThatThrownBy(() -> tracker.run("churn", run -> run.metric("loss", 1)))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("churn");
            assertThat(mlops.delivery().lost()).isZero();

            tracker.experiments().change("churn", new ExperimentChange.Restored());
            assertThat(tracker.find(tracker.run("churn", run -> {}))).isPresent();
        }
    }

    @Test
    void aStoreThatCannotBeAskedRefusesNothing() {
        try (Mlops mlops = Mlops.using(memory)) {
            mlops.tracker().run("churn", run -> {});
            mlops.tracker().experiments().change("churn", new ExperimentChange.Deleted());
            memory.faults().down();

            Run run = mlops.tracker().start(RunSpec.of("churn"));

            run.metric("loss", 1);
            memory.faults().up();
            assertThat(run.flush(LONG)).isFalse();
            assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("experiment deleted", 1L));
        }
    }

    @Test
    void whatCannotBeDroppedSaysWhy() {
        deleteElsewhere();
        try (Mlops mlops = Mlops.using(memory);
                Mlops strict = Mlops.using(memory, MlopsConfig.standard().failures(FailurePolicy.FAIL))) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            assertThatThrownBy(() -> run.artifacts().putText("notes.txt", "x"))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll(run.id().value(), "'churn' is deleted");

            Run told = strict.tracker().start(RunSpec.of("churn"));
            assertThatThrownBy(told::complete)
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("'churn' is deleted");
        }
    }
}
