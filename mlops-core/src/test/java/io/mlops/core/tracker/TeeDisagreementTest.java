package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two stores of a tee know different things of one run: the first decides. */
final class TeeDisagreementTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final RunSpec JOB = RunSpec.of("churn").id("job-1");
    private static final RunId ID = new RunId("job-1");

    private final TroubledBackend first = new TroubledBackend();
    private final TroubledBackend second = new TroubledBackend();

    static MlopsConfig config(FailurePolicy failures) {
        Duration brief = Duration.ofMillis(10);
        return MlopsConfig.standard()
                .failures(failures)
                .flushEvery(brief)
                .syncEvery(brief)
                .waitWhenFull(LONG)
                .closeWithin(LONG)
                .buffers(16);
    }

    private TeeTracker open(FailurePolicy failures) {
        return new TeeTracker(first, second, config(failures), EnvironmentSources.none(), () -> {});
    }

    private static void alone(Backend backend, RunSpec spec, Consumer<Run> end) {
        try (Mlops mlops = Mlops.using(backend)) {
            Run run = mlops.tracker().start(spec);
            run.metric("loss", 0.5);
            end.accept(run);
        }
    }

    private RunInfo inFirst() {
        return first.memory().runs().find(ID).orElseThrow();
    }

    private RunInfo inSecond() {
        return second.memory().runs().find(ID).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRunThatOnlyTheSecondKnowsAsFinishedGoesOnInTheFirst(boolean byId) {
        alone(first, JOB, run -> {});
        alone(second, JOB, Run::complete);
        TeeTracker tracker = open(FailurePolicy.DROP);

        Run run = byId ? tracker.resume(ID) : tracker.start(JOB);
        run.metric("loss", 0.4);
        run.artifacts().putText("a.txt", "hello");
        assertThat(run.flush(LONG)).isFalse();
        run.complete();

        assertThat(inFirst().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(inFirst().metric("loss")).isEqualTo(0.4);
        assertThat(inSecond().metric("loss")).isEqualTo(0.5);
        assertThat(inSecond().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(tracker.delivery().dropped()).isEqualTo(Map.of("second: conflict", 1L, "second: unavailable", 1L));
        assertThat(tracker.delivery().pending()).isZero();
        tracker.close(LONG, CloseReason.CLOSED);
    }

    @Test
    void underFailItBeginsInNeitherAndTheMessageSaysWhichStoreKnowsIt() {
        alone(first, JOB, run -> {});
        alone(second, JOB, Run::complete);
        TeeTracker tracker = open(FailurePolicy.FAIL);

        for (Supplier<Run> begin : List.<Supplier<Run>>of(() -> tracker.start(JOB), () -> tracker.resume(ID))) {
            assertThatThrownBy(begin::get)
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("job-1", "of the second store", "finished");
        }
        assertThat(tracker.flush(LONG)).isTrue();
        assertThat(inFirst().status()).isEqualTo(RunStatus.KILLED);
        tracker.close(LONG, CloseReason.CLOSED);
    }

    @Test
    void aRunThatOnlyTheSecondKnowsAndThatHasFinishedThereDoesNotGoOn() {
        alone(second, JOB, Run::complete);
        TeeTracker tracker = open(FailurePolicy.DROP);

        assertThatThrownBy(() -> tracker.start(JOB))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("of the second store");
        tracker.close(LONG, CloseReason.CLOSED);
    }

    /** In the first it is in one experiment, in the second it was in another. */
    private Run beginsInTwoExperiments(TeeTracker tracker) {
        alone(first, JOB, run -> {});
        alone(second, RunSpec.of("income").id(ID), run -> {});
        Run run = tracker.start(JOB);
        assertThat(run.flush(LONG)).isTrue();
        second.memory().runs().change(ID, List.of(new RunChange.Ended(RecordedRun.CLOSED, Instant.EPOCH)));
        second.memory().runs().change(ID, List.of(new RunChange.Deleted(Instant.EPOCH)));
        second.memory().experiments().purge(Instant.now());
        return run;
    }

    @ParameterizedTest
    @EnumSource(FailurePolicy.class)
    void aRunThatTheSecondRecordsElsewhereGoesOnInTheFirstOrInNeither(FailurePolicy failures) {
        TeeTracker tracker = open(failures);
        Run before = beginsInTwoExperiments(tracker);

        if (failures == FailurePolicy.FAIL) {
            assertThatThrownBy(() -> tracker.start(JOB))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("income", "churn");
            // Nothing stays open that nobody holds: what a model says of the run goes to the store at once.
            assertThatThrownBy(before::complete).isInstanceOf(NotFoundException.class);
            long accepted = tracker.delivery().accepted();
            tracker.produced(ID, new ModelVersionId("churn", 1));
            assertThat(tracker.delivery().accepted()).isEqualTo(accepted);
            assertThat(inFirst().outputs()).hasSize(1);
        } else {
            Run again = tracker.start(JOB);
            again.metric("auc", 0.9);
            again.complete();
            assertThat(inFirst().status()).isEqualTo(RunStatus.FINISHED);
            assertThat(inFirst().metric("auc")).isEqualTo(0.9);
            assertThat(tracker.delivery().dropped()).isEqualTo(Map.of("second: conflict", 1L));
        }
        assertThat(before.id()).isEqualTo(ID);
        tracker.close(LONG, CloseReason.CLOSED);
    }

    @Test
    void ifBothFailTheFirstOnesFailureTellsOfTheOther() {
        TeeTracker tracker = open(FailurePolicy.FAIL);
        Run run = tracker.start(JOB);
        run.metric("loss", 0.5);
        assertThat(run.flush(LONG)).isTrue();
        first.trouble(() -> {
            throw new BackendUnavailableException("the first is away", true, null);
        });
        second.trouble(() -> {
            throw new BackendUnavailableException("the second is away", true, null);
        });
        run.metric("loss", 0.4);
        assertThatThrownBy(() -> run.flush(LONG)).isInstanceOf(BackendUnavailableException.class);

        for (Runnable record : List.<Runnable>of(() -> run.metric("loss", 0.3), () -> run.tag("team", "a"))) {
            assertThatThrownBy(record::run)
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("the first is away")
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .singleElement()
                            .asString()
                            .contains("the second is away"));
        }
        tracker.close(Duration.ofMillis(100), CloseReason.CLOSED);
    }
}
