package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.Digest;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

/** A store that refuses something that a run records: it costs itself, and never its run. */
final class RefusedTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final PickyBackend backend = new PickyBackend();

    static List<Function<String, RuntimeException>> refusals() {
        return List.of(
                why -> new RefusedException(why, null),
                UnsupportedByBackendException::new,
                IllegalArgumentException::new);
    }

    private static MlopsConfig config() {
        return MlopsConfig.standard().closeWithin(LONG).waitWhenFull(LONG).records(Set.of());
    }

    private List<Long> steps(Mlops mlops, RunId run, String metric) {
        return mlops.tracker().history(run, metric).stream()
                .map(MetricPoint::step)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void onePointOfTenThousandCostsItself(Function<String, RuntimeException> refusal) {
        backend.refusingWith(refusal).refusingPoints((key, point) -> point.step() == 4321);
        try (Mlops mlops = Mlops.using(backend, config())) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < 10_000; i++) {
                    run.metric("loss", i, i);
                }
                run.param("after", "kept");
            });

            assertThat(steps(mlops, id, "loss"))
                    .containsExactlyElementsOf(LongStream.range(0, 10_000)
                            .filter(step -> step != 4321)
                            .boxed()
                            .toList());
            RunInfo stored = mlops.tracker().get(id);
            assertThat(stored.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(stored.params()).containsEntry("after", "kept");
            assertThat(mlops.delivery()).isEqualTo(new Delivery(10_001, 10_000, 10_000, 0, Map.of("refused", 1L)));
            assertThat(backend.batches()).as("calls with points").hasSizeLessThan(60);
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void oneParamOfAHundredCostsItself(Function<String, RuntimeException> refusal) {
        backend.refusingWith(refusal)
                .refusingChanges(change ->
                        change instanceof RunFact.ParamSet param && param.key().endsWith("77"));
        try (Mlops mlops = Mlops.using(backend, config())) {
            RunId id = mlops.tracker().run("churn", run -> {
                run.metric("loss", 1);
                for (int i = 0; i < 100; i++) {
                    run.param("param-" + i, i);
                }
            });

            RunInfo stored = mlops.tracker().get(id);
            assertThat(stored.params()).hasSize(99).doesNotContainKey("param-77");
            assertThat(stored.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(stored.metric("loss")).isEqualTo(1);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(101, 100, 100, 0, Map.of("refused", 1L)));
            assertThat(backend.calls()).isLessThan(40);
        }
    }

    @Test
    void everythingOfOneKeyCostsThatKey() {
        backend.refusingPoints((key, point) -> key.equals("bad"));
        int rounds = 20_000;
        try (Mlops mlops = Mlops.using(backend, config())) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < rounds; i++) {
                    run.metric("loss", i, i);
                    run.metric("bad", i, i);
                    run.metric("accuracy", i, i);
                    run.metric("recall", i, i);
                }
            });

            List<Long> all = LongStream.range(0, rounds).boxed().toList();
            for (String key : List.of("loss", "accuracy", "recall")) {
                assertThat(steps(mlops, id, key)).as(key).isEqualTo(all);
            }
            RunInfo stored = mlops.tracker().get(id);
            assertThat(stored.metrics()).containsOnlyKeys("loss", "accuracy", "recall");
            assertThat(stored.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("refused", (long) rounds));
            assertThat(backend.batches())
                    .as("calls with points, of which 81 would do for as many that are taken")
                    .hasSizeLessThan(800);
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aStoreThatTakesNoPointAndNoFactStillKnowsTheRunAndItsEnd(Function<String, RuntimeException> refusal) {
        backend.refusingWith(refusal).refusingPoints((key, point) -> true).refusingChanges(RunFact.class::isInstance);
        int points = 20_000;
        try (Mlops mlops = Mlops.using(backend, config())) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < points; i++) {
                    run.metric("key-" + i % 7, i, i);
                }
                for (int i = 0; i < 5000; i++) {
                    run.param("param-" + i, i);
                }
            });

            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(25_000, 0, 0, 0, Map.of("refused", 25_000L)));
            assertThat(backend.calls()).as("calls for 25 000 refusals").isLessThan(1000);
        }
    }

    @Test
    void pointsThatAreTakenNowAndThenAreNeverTakenForOthers() {
        backend.refusingPoints((key, point) -> Double.isNaN(point.value()));
        try (Mlops mlops = Mlops.using(backend, config())) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < 3000; i++) {
                    run.metric("loss", i % 3 == 0 ? i : Double.NaN, i);
                    run.metric("rate", i, i);
                }
            });

            assertThat(steps(mlops, id, "loss")).hasSize(1000).allMatch(step -> step % 3 == 0);
            assertThat(steps(mlops, id, "rate")).hasSize(3000);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(6000, 4000, 4000, 0, Map.of("refused", 2000L)));
        }
    }

    @Test
    void everyPointIsThereOnceThoughTheStoreFailsInBetween() {
        backend.refusingPoints((key, point) -> point.step() % 100 == 7);
        try (Mlops mlops = Mlops.using(backend, config().flushEvery(Duration.ofMillis(2)))) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < 20_000; i++) {
                    if (i % 700 == 0) {
                        backend.memory().faults().failNext(1);
                    }
                    run.metric(i % 2 == 0 ? "even" : "odd", i, i);
                }
            });
            boolean unused = mlops.flush(LONG);

            assertThat(steps(mlops, id, "even")).hasSize(10_000);
            assertThat(steps(mlops, id, "odd")).hasSize(9800).noneMatch(step -> step % 100 == 7);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(20_000, 19_800, 19_800, 0, Map.of("refused", 200L)));
        }
    }

    @Test
    void aFactOfAnyKindCostsItself() {
        backend.refusingChanges(change -> change instanceof RunFact.Used
                || change instanceof RunFact.Renamed
                || (change instanceof RunFact.Tagged tag && tag.key().equals(RunFact.NOTE)));
        try (Mlops mlops = Mlops.using(backend, config())) {
            RunId id = mlops.tracker().run("churn", run -> {
                run.uses(DataReference.external("rows", Digest.sha256(new byte[32]), "s3://x/rows"), "training");
                run.note("too long for it");
                run.rename("refused");
                run.tag("team", "growth");
            });

            assertThat(mlops.tracker().get(id).tags()).isEqualTo(Map.of("team", "growth"));
            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(4, 1, 1, 0, Map.of("refused", 3L)));
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aTagThatARunBeginsWithCostsItself(Function<String, RuntimeException> refusal) {
        backend.refusingWith(refusal)
                .refusingDrafts(draft -> draft.tags().containsKey("bad"))
                .refusingChanges(change ->
                        change instanceof RunFact.Tagged tag && tag.key().equals("bad"));
        try (Mlops mlops = Mlops.using(backend, config())) {
            RunSpec spec = RunSpec.of("churn").name("nightly").tag("bad", "x").tag("team", "growth");
            RunId id = mlops.tracker().run(spec, run -> run.tag("team", "retention"));

            RunInfo stored = mlops.tracker().get(id);
            assertThat(stored.name()).isEqualTo("nightly");
            assertThat(stored.tags()).containsEntry("team", "retention").doesNotContainKey("bad");
            assertThat(stored.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("refused", 1L));
        }
    }

    @Test
    void anEndThatIsRefusedCostsNothingElse() {
        backend.refusingChanges(RunChange.Ended.class::isInstance);
        try (Mlops mlops = Mlops.using(backend, config())) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.param("rate", 0.1);
            run.metric("loss", 1);
            run.end(new RunOutcome.Killed("by hand"));

            assertThat(mlops.tracker().get(run.id()).params()).containsEntry("rate", "0.1");
            assertThat(mlops.tracker().get(run.id()).metric("loss")).isEqualTo(1);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(2, 2, 2, 0, Map.of()));
        }
    }

    @Test
    void underFailTheCallerIsToldByName() {
        backend.refusingPoints((key, point) -> key.equals("bad"))
                .refusingChanges(change ->
                        change instanceof RunFact.ParamSet param && param.key().equals("rate"));
        try (Mlops mlops = Mlops.using(backend, config().failures(FailurePolicy.FAIL))) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.metric("loss", 1);
            run.metric("bad", 1);

            assertThatThrownBy(() -> run.flush(LONG))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(run.id().value(), "metric 'bad'", "400 bad batch");
            run.param("rate", 0.1);
            run.tag("team", "growth");
            assertThatThrownBy(run::complete)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(run.id().value(), "param 'rate'", "400 bad request");

            RunInfo stored = mlops.tracker().get(run.id());
            assertThat(stored.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(stored.tags()).containsEntry("team", "growth");
            assertThat(stored.metrics()).containsOnlyKeys("loss");
        }
    }

    @Test
    void underDropFlushSaysNoOnceAndTheLogOnceByNameWithoutValues() {
        TestLoggerFactory.clearAll();
        backend.refusingPoints((key, point) -> key.equals("bad"))
                .refusingChanges(change ->
                        change instanceof RunFact.ParamSet param && param.key().equals("secret"));
        try (Mlops mlops = Mlops.using(backend, config())) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.param("secret", "hunter2");
            for (int i = 0; i < 50; i++) {
                run.metric("bad", 4711, i);
            }

            assertThat(run.flush(LONG)).isFalse();
            assertThat(run.flush(LONG)).isTrue();
            run.complete();
        }
        assertThat(TestLoggerFactory.getAllLoggingEvents())
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .extracting(LoggingEvent::getFormattedMessage)
                .hasSize(2)
                .anyMatch(warning -> warning.contains("metric 'bad'"))
                .anyMatch(warning -> warning.contains("param 'secret'"))
                .noneMatch(warning -> warning.contains("hunter2") || warning.contains("4711"));
    }

    @Test
    void whatIsRefusedForWantOfAPermissionIsKeptUntilThatIsMended() {
        try (Mlops mlops = Mlops.using(backend, config().flushEvery(Duration.ofMillis(1)))) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            assertThat(run.flush(LONG)).isTrue();
            backend.locked(true);
            run.metric("loss", 1);
            run.param("rate", 0.1);
            assertThat(run.flush(Duration.ofMillis(200))).isFalse();
            assertThat(mlops.delivery().pending()).isEqualTo(2);
            backend.locked(false);

            assertThat(run.flush(LONG)).isTrue();
            assertThat(mlops.delivery()).isEqualTo(new Delivery(2, 2, 2, 0, Map.of()));
            run.complete();
        }
    }
}
