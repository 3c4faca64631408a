package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Backends;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One of the two stores of a tee fails, hangs or loses what it had; the other has everything. */
final class TeeFaultsTest {
    private static final MlopsConfig PLAIN = MlopsConfig.standard().records(Set.of());
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final RunId JOB = new RunId("job-1");

    private final Set<Thread> before = TeeTest.threads();
    private final TroubledBackend first = new TroubledBackend();
    private final TroubledBackend second = new TroubledBackend();

    private Mlops open(MlopsConfig config) {
        return Mlops.using(Backends.tee(first, second), config);
    }

    private Mlops open() {
        return open(PLAIN);
    }

    @AfterEach
    void troubleEnds() {
        first.trouble(() -> {});
        second.trouble(() -> {});
    }

    private static void record(Run run) {
        run.param("trees", 200);
        run.metric("loss", 0.5);
        run.metric("loss", 0.4);
        run.tag("team", "growth");
    }

    private static void assertWhole(TroubledBackend store, RunId id) {
        RunInfo run = store.memory().runs().find(id).orElseThrow();
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.params()).isEqualTo(Map.of("trees", "200"));
        assertThat(run.tags()).isEqualTo(Map.of("team", "growth"));
        assertThat(TeeTest.points(store.memory(), id, "loss"))
                .extracting(MetricPoint::step)
                .containsExactly(0L, 1L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThatIsDownGetsEverythingLaterAndTheOtherAtOnce(boolean firstIsDown) {
        TroubledBackend down = firstIsDown ? first : second;
        TroubledBackend up = firstIsDown ? second : first;
        try (Mlops mlops = open()) {
            down.memory().faults().down();
            RunId id = mlops.tracker().run("churn", TeeFaultsTest::record);

            assertWhole(up, id);
            assertThat(mlops.flush(Duration.ofMillis(20))).isFalse();
            assertThat(mlops.delivery()).isEqualTo(new Delivery(8, 4, 4, 4, Map.of()));

            down.memory().faults().up();
            assertThat(mlops.flush(LONG)).isTrue();
            assertWhole(down, id);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(8, 8, 8, 0, Map.of()));
        }
    }

    @Test
    void bothThatAreDownGetEverythingLater() {
        try (Mlops mlops = open()) {
            first.memory().faults().down();
            second.memory().faults().down();
            RunId id = mlops.tracker().run("churn", TeeFaultsTest::record);
            first.memory().faults().up();
            second.memory().faults().up();

            assertThat(mlops.flush(LONG)).isTrue();
            assertWhole(first, id);
            assertWhole(second, id);
        }
    }

    static Stream<Runnable> errors() {
        return Stream.of(
                () -> {
                    throw new BackendUnavailableException("away", true, null);
                },
                () -> {
                    throw new ConflictException("not so");
                },
                () -> {
                    throw new NotFoundException("gone");
                },
                () -> {
                    throw new CorruptDataException("torn", null);
                },
                () -> {
                    throw new RefusedException("no", null);
                },
                () -> {
                    throw new UnsupportedByBackendException("none");
                },
                () -> {
                    throw new IllegalStateException("closed");
                },
                () -> {
                    throw new IllegalArgumentException("a bug");
                },
                () -> {
                    throw new StackOverflowError();
                });
    }

    @ParameterizedTest
    @MethodSource("errors")
    void whateverTheSecondThrowsTheFirstHasEverythingAndNobodyHearsOfIt(Runnable error) {
        RunId id;
        Mlops mlops = open(PLAIN.closeWithin(Duration.ofSeconds(1)));
        try (mlops) {
            second.trouble(error);
            try (Run run = mlops.tracker().start(RunSpec.of("churn").id(JOB.value()))) {
                id = run.id();
                record(run);
                run.artifacts().putText("a.txt", "hello");
                boolean unused = run.flush(Duration.ofMillis(50));
                run.complete();
            }
            mlops.tracker().change(id, new RunFact.Tagged("team", "growth"));
            assertThat(mlops.tracker().experiments().ensure("income").name()).isEqualTo("income");
            mlops.tracker().experiments().purge(Instant.EPOCH);
        }

        assertWhole(first, id);
        assertThat(first.memory().artifacts().find(id, RelativePath.of("a.txt")))
                .isPresent();
        Delivery delivery = mlops.delivery();
        assertThat(delivery.durable()).isEqualTo(4);
        assertThat(delivery.pending()).isZero();
        // The facts and points of the run, an artifact, a change, an experiment, a purge.
        assertThat(delivery.lost()).isEqualTo(8);
        assertThat(delivery.dropped().keySet()).allMatch(reason -> reason.startsWith("second: "));
    }

    @Test
    void anArtifactThatOnlyTheSecondMissesIsCountedAndToldOnceByFlush() {
        try (Mlops mlops = open();
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            assertThat(mlops.flush(LONG)).isTrue();
            second.memory().faults().down();
            assertThat(run.artifacts().putText("a.txt", "hello").bytes()).isEqualTo(5);
            second.memory().faults().up();

            assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("second: unavailable", 1L));
            assertThat(mlops.flush(LONG)).isFalse();
            assertThat(mlops.flush(LONG)).isTrue();
            run.complete();
        }
    }

    @Test
    void anArtifactThatTheFirstMissesIsWithTheSecondAndThrown() throws Exception {
        try (Mlops mlops = open();
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            assertThat(run.flush(LONG)).isTrue();
            first.memory().faults().down();
            assertThatThrownBy(() -> run.artifacts().put("a.bin", new ByteArrayInputStream(new byte[2_000_000])))
                    .isInstanceOf(BackendUnavailableException.class);
            first.memory().faults().up();

            assertThat(TeeTest.bytes(second.memory(), run.id(), "a.bin")).hasSize(2_000_000);
            assertThat(mlops.delivery().lost()).isZero();
            run.complete();
        }
    }

    @Test
    void underFailAFailureOfTheSecondIsThrownAfterTheFirstHasEverything() {
        try (Mlops mlops = open(PLAIN.failures(FailurePolicy.FAIL).closeWithin(Duration.ofSeconds(2)))) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            record(run);
            assertThat(run.flush(LONG)).isTrue();
            second.memory().faults().down();
            run.metric("loss", 0.3);
            assertThatThrownBy(() -> run.flush(LONG)).isInstanceOf(BackendUnavailableException.class);
            assertThatThrownBy(() -> run.metric("auc", 1)).isInstanceOf(BackendUnavailableException.class);
            assertThatThrownBy(() -> run.tag("more", "1")).isInstanceOf(BackendUnavailableException.class);
            assertThatThrownBy(() -> run.artifacts().put("a", Content.text("x")))
                    .isInstanceOf(BackendUnavailableException.class);
            assertThatThrownBy(run::complete).isInstanceOf(BackendUnavailableException.class);

            RunInfo stored = first.memory().runs().find(run.id()).orElseThrow();
            assertThat(stored.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(stored.metric("auc")).isEqualTo(1);
            assertThat(stored.tags()).containsEntry("more", "1");
            assertThatThrownBy(() -> mlops.tracker().start(RunSpec.of("churn").id("other")))
                    .isInstanceOf(BackendUnavailableException.class);
        }
    }

    @Test
    void aSecondThatHangsHoldsUpNobodyTwice() {
        Duration within = Duration.ofSeconds(1);
        CountDownLatch latch = second.hang();
        Mlops mlops = open(PLAIN.closeWithin(within));
        long begin = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            RunId id = mlops.tracker().run("churn", run -> {
                record(run);
                run.artifacts().putText("a.txt", "hello");
                mlops.tracker().change(run.id(), new RunFact.Tagged("team", "growth"));
            });
            assertWhole(first, id);
        }
        // One wait for its runs, not fifty for their ends, artifacts and changes.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(within.multipliedBy(20));
        assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("second: unavailable", 100L));

        latch.countDown();
        assertThat(mlops.flush(LONG)).isFalse();
        assertThat(mlops.flush(LONG)).isTrue();
        mlops.close();
        assertThat(mlops.delivery().delivered()).isEqualTo(50 * 8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThatHangsDoesNotUseUpTheTimeOfTheOther(boolean firstHangs) {
        TroubledBackend hanging = firstHangs ? first : second;
        TroubledBackend other = firstHangs ? second : first;
        Duration within = Duration.ofSeconds(1);
        Mlops mlops = open(PLAIN.closeWithin(within));
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        assertThat(run.flush(LONG)).isTrue();
        CountDownLatch latch = hanging.hang();
        record(run);
        assertThat(run.flush(Duration.ofSeconds(1))).isFalse();
        assertThat(mlops.flush(Duration.ofMillis(100))).isFalse();
        assertThat(other.memory().runs().find(run.id()).orElseThrow().metric("loss"))
                .isEqualTo(0.4);
        run.metric("auc", 0.9);

        long begin = System.nanoTime();
        mlops.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(within.plusSeconds(5));

        RunInfo stored = other.memory().runs().find(run.id()).orElseThrow();
        assertThat(stored.metric("auc")).isEqualTo(0.9);
        assertThat(stored.outcome()).isEqualTo(new RunOutcome.Killed("its Mlops was closed before it ended"));
        assertThat(mlops.delivery().durable()).isEqualTo(5);
        assertThat(mlops.delivery().lost()).isEqualTo(5);
        assertThat(mlops.delivery().pending()).isZero();
        latch.countDown();
        TeeTest.awaitNoThreadsBut(before);
    }

    @Test
    void fullBuffersOfAStoreThatIsDownSlowTheCallerOnce() {
        MlopsConfig config =
                PLAIN.buffers(2).waitWhenFull(Duration.ofSeconds(4)).closeWithin(Duration.ofSeconds(2));
        Mlops mlops = open(config);
        second.memory().faults().down();
        long begin = System.nanoTime();
        int points = 20_000;
        RunId id = mlops.tracker().run("churn", run -> {
            for (int i = 0; i < points; i++) {
                run.metric("loss", i, i);
            }
        });
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);

        assertThat(TeeTest.points(first.memory(), id, "loss")).hasSize(points);
        assertThat(mlops.delivery().dropped().get("second: buffer full")).isPositive();
        mlops.close();
        assertThat(mlops.delivery().durable()).isEqualTo(points);
        assertThat(mlops.delivery().lost()).isEqualTo(points);
    }

    @Test
    void aRunThatOnlyOneStoreKnowsGoesOnInBothWithItsSteps() {
        for (TroubledBackend knows : List.of(first, second)) {
            TroubledBackend other = knows == first ? second : first;
            RunSpec job = RunSpec.of("churn").id("job-" + (knows == first));
            try (Mlops alone = Mlops.using(knows);
                    Run run = alone.tracker().start(job.name("deep").tag("team", "growth"))) {
                run.metric("loss", 0.5);
                run.metric("loss", 0.4);
            }
            try (Mlops mlops = open();
                    Run run = mlops.tracker().start(job.tag("attempt", "2"))) {
                assertThat(run.nextStep("loss")).isEqualTo(2);
                run.metric("loss", 0.3);
                run.complete();
                RunInfo there = knows.memory().runs().find(run.id()).orElseThrow();
                RunInfo here = other.memory().runs().find(run.id()).orElseThrow();
                assertThat(here.name()).isEqualTo("deep");
                assertThat(here.started()).isEqualTo(there.started());
                assertThat(here.ended()).isEqualTo(there.ended());
                assertThat(here.tags()).isEqualTo(there.tags()).containsEntry("attempt", "2");
                assertThat(TeeTest.points(other.memory(), run.id(), "loss"))
                        .extracting(MetricPoint::step)
                        .containsExactly(2L);
                assertThat(TeeTest.points(knows.memory(), run.id(), "loss")).hasSize(3);
            }
        }
    }

    @Test
    void aRunThatHasFinishedInOneStoreDoesNotGoOn() {
        for (TroubledBackend knows : List.of(first, second)) {
            RunSpec job = RunSpec.of("churn").id("job-" + (knows == first));
            try (Mlops alone = Mlops.using(knows)) {
                RunId id = alone.tracker().run(job, run -> run.metric("loss", 1));
                try (Mlops mlops = open()) {
                    assertThatThrownBy(() -> mlops.tracker().start(job))
                            .isInstanceOf(ConflictException.class)
                            .hasMessageContaining("finished");
                    assertThatThrownBy(() -> mlops.tracker().resume(id)).isInstanceOf(ConflictException.class);
                }
            }
        }
        try (Mlops mlops = open()) {
            assertThatThrownBy(() -> mlops.tracker().resume(new RunId("none"))).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void aRunResumesInTheSecondWhileTheFirstIsAway() {
        try (Mlops mlops = open()) {
            RunSpec job = RunSpec.of("churn").id(JOB.value());
            try (Run run = mlops.tracker().start(job)) {
                record(run);
            }
            first.memory().faults().down();
            try (Run run = mlops.tracker().resume(JOB)) {
                run.metric("loss", 0.3);
                first.memory().faults().up();
                run.complete();
            }
            assertThat(mlops.flush(LONG)).isTrue();
            assertThat(TeeTest.points(first.memory(), JOB, "loss"))
                    .isEqualTo(TeeTest.points(second.memory(), JOB, "loss"))
                    .hasSize(3);
        }
    }

    @Test
    void aParamThatOnlyTheSecondKnowsOtherwiseIsLostThereAlone() {
        try (Mlops alone = Mlops.using(second);
                Run run = alone.tracker().start(RunSpec.of("churn").id(JOB.value()))) {
            run.param("trees", 100);
        }
        try (Mlops mlops = open()) {
            try (Run run = mlops.tracker().start(RunSpec.of("churn").id(JOB.value()))) {
                run.param("trees", 200);
                run.metric("loss", 1);
                run.complete();
            }
            assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("second: conflict", 1L));
            assertThat(mlops.tracker().get(JOB).params()).containsEntry("trees", "200");
            assertThat(TeeTest.points(second.memory(), JOB, "loss")).hasSize(1);
        }
    }
}
