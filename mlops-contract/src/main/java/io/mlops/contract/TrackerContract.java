package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Tracker;
import io.mlops.api.tracker.Visibility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests what training code sees of a {@link Tracker}, whatever keeps its runs. */
abstract class TrackerContract extends ProgramSuite {
    private static final Duration LONG = Duration.ofSeconds(20);

    private record Optimizer(String name, double rate) {}

    private record Settings(int trees, Optimizer optimizer, Duration limit, Path data, RunStatus kind) {}

    @Test
    void aBodyThatReturnsFinishesTheRun() {
        RunId id = tracker().run("churn", run -> {
            run.params(new Settings(
                    200, new Optimizer("adam", 0.1), Duration.ofMinutes(5), Path.of("a/b"), RunStatus.FAILED));
            for (int epoch = 0; epoch < 3; epoch++) {
                run.metric("loss", 1.0 / (epoch + 1), epoch);
            }
            run.metric("auc", 0.9);
            run.metric("auc", 0.93);
            run.tag("team", "growth");
            run.note("# first try");
            run.uses(
                    DataReference.external("rows", Digest.parse("md5:00ff"), "s3://user:secret@bucket/rows"),
                    "training");
        });

        RunInfo run = tracker().get(id);
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.outcome()).isEqualTo(new RunOutcome.Finished());
        assertThat(run.ended()).isAfterOrEqualTo(run.started());
        assertThat(run.experiment()).isEqualTo("churn");
        assertThat(run.name()).isEqualTo(id.value());
        assertThat(run.params())
                .isEqualTo(Map.of(
                        "trees", "200",
                        "optimizer.name", "adam",
                        "optimizer.rate", "0.1",
                        "limit", "PT5M",
                        "data", "a/b",
                        "kind", "FAILED"));
        assertThat(run.tags()).isEqualTo(Map.of("team", "growth", RunFact.NOTE, "# first try"));
        assertThat(run.metric("auc")).isEqualTo(0.93);
        assertThat(run.inputs()).singleElement().satisfies(input -> {
            assertThat(input.role()).isEqualTo("training");
            assertThat(input.source()).isEqualTo("s3://bucket/rows");
        });
        assertThat(tracker().history(id, "loss")).extracting(MetricPoint::step).containsExactly(0L, 1L, 2L);
        assertThat(tracker().history(id, "auc")).extracting(MetricPoint::step).containsExactly(0L, 1L);
    }

    @Test
    void aBodyThatThrowsFailsTheRunAndTheSameExceptionComesOut() {
        IOException thrown = new IOException("missing.csv");
        RunId[] id = new RunId[1];

        assertThatThrownBy(() -> tracker().run("churn", run -> {
                    id[0] = run.id();
                    throw thrown;
                }))
                .isSameAs(thrown);

        RunInfo run = tracker().get(id[0]);
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.outcome()).isEqualTo(new RunOutcome.Failed("java.io.IOException", "missing.csv"));
    }

    @Test
    void aBodyThatThrowsAnErrorFailsTheRunToo() {
        Error thrown = new StackOverflowError();
        RunId[] id = new RunId[1];

        assertThatThrownBy(() -> tracker().call(RunSpec.of("churn"), run -> {
                    id[0] = run.id();
                    throw thrown;
                }))
                .isSameAs(thrown);

        assertThat(tracker().get(id[0]).outcome()).isEqualTo(new RunOutcome.Failed("java.lang.StackOverflowError", ""));
    }

    @Test
    void callReturnsWhatTheBodyReturns() {
        assertThat(tracker().<Integer, RuntimeException>call("churn", run -> 42))
                .isEqualTo(42);
    }

    @Test
    void aRunMayFailForNoKnownReason() {
        Run run = tracker().start(RunSpec.of("churn"));
        run.fail(null);

        assertThat(tracker().get(run.id()).outcome()).isInstanceOf(RunOutcome.Failed.class);
    }

    @Test
    void aRunThatIsClosedBeforeItsEndHasFailed() {
        RunId id;
        try (Run run = tracker().start(RunSpec.of("churn").name("deep"))) {
            id = run.id();
            run.metric("loss", 1);
        }

        assertThat(tracker().get(id).outcome()).isEqualTo(new RunOutcome.Failed("closed", "closed before complete()"));
        assertThat(tracker().get(id).name()).isEqualTo("deep");
    }

    @Test
    void everyFactIsRecorded() {
        for (RunFact fact : Cases.ofRunFact()) {
            Run run = tracker().start(RunSpec.of("churn").tag("there", "yes"));
            RunInfo before = tracker().get(run.id());
            run.record(fact);
            run.record(fact);
            assertThat(run.flush(Duration.ofSeconds(30))).as(fact.toString()).isTrue();

            assertThat(tracker().get(run.id()))
                    .isNotEqualTo(before)
                    .isEqualTo(RunState.of(before).apply(List.of(fact)).info());
            run.complete();
        }
    }

    @Test
    void aSeedIsAParamAndComesBack() {
        RunId id = tracker()
                .run(
                        "churn",
                        run -> assertThat(run.seed(42) + run.seed("split", -7)).isEqualTo(35));

        assertThat(tracker().get(id).params()).isEqualTo(Map.of("seed", "42", "seed.split", "-7"));
    }

    @Test
    void theFirstEndCounts() {
        Run run = tracker().start(RunSpec.of("churn"));
        run.complete();
        run.fail(new IllegalStateException("too late"));
        run.close();

        assertThat(tracker().get(run.id()).status()).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void recordingAfterTheEndIsABug() {
        Run run = tracker().start(RunSpec.of("churn"));
        run.complete();

        assertThatThrownBy(() -> run.metric("loss", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(run.id().value());
        assertThatThrownBy(() -> run.tag("a", "b")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> run.artifacts().putText("a", "b")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void runsNest() {
        RunId[] child = new RunId[1];
        RunId parent = tracker().run("churn", sweep -> {
            child[0] = tracker()
                    .run(RunSpec.of("churn").parent(sweep.id()).tag("depth", "2"), run -> run.metric("auc", 0.9));
        });

        assertThat(tracker().get(child[0]).parent()).isEqualTo(parent);
        assertThat(tracker().get(child[0]).tags()).containsEntry("depth", "2");
        assertThat(tracker()
                        .search(RunQuery.of("churn").orderBy("metrics.auc DESC"))
                        .findFirst())
                .hasValueSatisfying(best -> assertThat(best.id()).isEqualTo(child[0]));
    }

    @Test
    void whatCannotBeSearchedForIsRefusedBeforeResultsAreRead() {
        List<ThrowingCallable> wrong = List.of(
                () -> tracker().search(RunQuery.of().where("speed.auc > 1")),
                () -> tracker().search(RunQuery.of().orderBy("speed.auc")),
                () -> tracker().experiments().search("speed.auc > 1", Visibility.ACTIVE));

        for (ThrowingCallable search : wrong) {
            assertThatThrownBy(search)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("speed.auc", "position 1");
        }
    }

    @Test
    void startingTwiceWithOneIdGoesOn() {
        RunSpec job = RunSpec.of("churn").id("job-4711");
        try (Run run = tracker().start(job)) {
            run.param("trees", 200);
            run.metric("loss", 0.5, 0);
            run.metric("loss", 0.4, 1);
        }

        try (Run run = tracker().start(job.tag("attempt", "2"))) {
            assertThat(run.nextStep("loss")).isEqualTo(2);
            assertThat(run.nextStep("auc")).isZero();
            assertThatThrownBy(() -> run.param("trees", 300))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("trees", "200", "300");
            run.metric("loss", 0.3);
            run.complete();
        }

        RunInfo run = tracker().get(new RunId("job-4711"));
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.tags()).containsEntry("attempt", "2");
        assertThat(tracker().history(run.id(), "loss"))
                .extracting(MetricPoint::step)
                .containsExactly(0L, 1L, 2L);
        assertThatThrownBy(() -> tracker().start(job))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("job-4711", "finished");
        assertThatThrownBy(() -> tracker().start(RunSpec.of("income").id("job-4711")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("churn", "income");
        assertThatThrownBy(() -> tracker().resume(run.id())).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> tracker().resume(new RunId("unknown"))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aParamIsWrittenOnce() {
        tracker().run("churn", run -> {
            run.params(new TreeMap<>(Map.of("a", 1, "b", true, "c", 'x')));
            run.param("a", 1);
            assertThatThrownBy(() -> run.param("a", 2)).isInstanceOf(ConflictException.class);
        });
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker may pass
    void badInputIsRefusedAtTheCallAndTheRunGoesOn() {
        RunId id = tracker().run("churn", run -> {
            for (String key : List.of("", " ", "a//b", "/a", "a/", "../a", "a:b", "a\nb", "x".repeat(251))) {
                assertThatThrownBy(() -> run.metric(key, 1)).as(key).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> run.param(key, 1)).as(key).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> run.tag(key, "x")).as(key).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> run.metric(null, 1)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> run.tag("t", null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> run.param("p", "x".repeat(6001))).hasMessageContaining("artifact");
            assertThatThrownBy(() -> run.tag("t", "x".repeat(8001))).hasMessageContaining("artifact");
            assertThatThrownBy(() -> run.param("p", Map.of("a", 1))).hasMessageContaining("java.util");
            assertThatThrownBy(() -> run.metric("recall@10", 1)).hasMessageContaining("'recall_at_10'");
            assertThatThrownBy(() -> run.artifacts().putText("../a", "x")).isInstanceOf(IllegalArgumentException.class);
            run.param("p", "x".repeat(6000));
            run.metric("val loss/größe-1.0_a", 1);
        });

        assertThat(tracker().get(id).metrics()).containsOnlyKeys("val loss/größe-1.0_a");
        assertThatThrownBy(() -> RunSpec.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RunSpec.of("x".repeat(501))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RunSpec.of("churn").id("../etc")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oddDoublesAreRecorded() {
        RunId id = tracker().run("churn", run -> {
            run.metric("m", Double.NaN);
            run.metric("m", Double.POSITIVE_INFINITY);
            run.metric("m", -0.0);
            run.metric("m", 1, Long.MAX_VALUE);
            run.metric("m", 2);
        });

        assertThat(tracker().history(id, "m"))
                .extracting(MetricPoint::step)
                .containsExactly(0L, 1L, 2L, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Test
    void aHistoryOfManyPagesComesWhole() {
        RunId id = tracker().run("churn", run -> {
            for (int i = 0; i < 5000; i++) {
                run.metric("m", i, i);
            }
        });

        assertThat(tracker().history(id, "m"))
                .extracting(MetricPoint::step)
                .hasSize(5000)
                .isSorted();
    }

    @Test
    void artifactsAreStoredAtOnceAndReadBackVerified() throws IOException {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            run.artifacts().putText("notes/a.txt", "hello");
            run.artifacts().put("b.bin", Content.of(new byte[] {1, 2, 3}));
            run.artifacts().put("c.bin", new ByteArrayInputStream(new byte[2_000_000]));

            assertThat(run.artifacts().list("").stream()
                            .map(entry -> entry.path().value()))
                    .containsExactly("b.bin", "c.bin", "notes/a.txt");
            assertThat(tracker().artifacts(run.id()).open("notes/a.txt").readAllBytes())
                    .asString()
                    .isEqualTo("hello");
            assertThat(tracker().artifacts(run.id()).find("c.bin").orElseThrow().bytes())
                    .isEqualTo(2_000_000);
        }
    }

    @Test
    void flushMakesEverythingReadable() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            run.metric("loss", 1);
            run.tag("a", "b");

            assertThat(run.flush(LONG)).isTrue();

            assertThat(tracker().get(run.id()).metric("loss")).isEqualTo(1);
            assertThat(tracker().get(run.id()).tags()).containsEntry("a", "b");
            assertThat(tracker().get(run.id()).status()).isEqualTo(RunStatus.RUNNING);
        }
    }

    @Test
    void whatIsRecordedArrivesByItself() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            run.metric("loss", 1);
            run.param("a", "b");

            long deadline = System.nanoTime() + LONG.toNanos();
            while (!arrived(run.id()) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(arrived(run.id())).isTrue();
        }
    }

    private boolean arrived(RunId id) {
        return tracker()
                .find(id)
                .filter(info ->
                        info.metrics().containsKey("loss") && info.params().containsKey("a"))
                .isPresent();
    }

    @Test
    void anExperimentSaysWhatItsMetricsMean() {
        RunId unused = tracker().run("churn", run -> run.metric("cost", 1));
        MetricInfo cost = MetricInfo.of("cost").lowerIsBetter().unit("EUR").target(0.5);
        tracker().experiments().describe("churn", cost.owner("kim"));
        tracker().experiments().describe("churn", cost);

        assertThat(tracker().experiments().find("churn").orElseThrow().metric("cost"))
                .isEqualTo(cost);
    }

    @Test
    void theNoopTrackerTakesEverything() {
        Tracker noop = Tracker.noop();
        RunId id = noop.run("churn", run -> {
            run.metric("loss", 1);
            run.artifacts().putText("a", "b");
            run.complete();
        });

        assertThat(noop.find(id)).isEmpty();
        assertThat(noop.search(RunQuery.of()).findFirst()).isEmpty();
    }
}
