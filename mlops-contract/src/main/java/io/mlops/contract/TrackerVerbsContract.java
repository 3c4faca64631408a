package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.Experiments;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunComparison;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Tracker;
import io.mlops.api.tracker.Visibility;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests the verbs by which people change, compare and nest runs, and what things of a {@link Tracker} call themselves. */
abstract class TrackerVerbsContract extends ProgramSuite {
    private Experiments experiments() {
        return tracker().experiments();
    }

    private RunId finished(String experiment) {
        return tracker().run(experiment, run -> run.metric("auc", 0.9));
    }

    @Test
    void aRunThatEndedIsTaggedAndRenamed() {
        RunId id = finished("churn");
        tracker().tag(id, "team", "growth");
        tracker().tag(id, "seen", "no");
        tracker().untag(id, "seen");
        tracker().untag(id, "never there");
        tracker().rename(id, "deep forest");

        assertThat(tracker().get(id).name()).isEqualTo("deep forest");
        assertThat(tracker().get(id).tags()).containsEntry("team", "growth").doesNotContainKey("seen");
    }

    @Test
    void theVerbsCheckWhatARunItselfWould() {
        RunId id = finished("churn");
        RunInfo before = tracker().get(id);
        List<ThrowingCallable> wrong = List.of(
                () -> tracker().tag(id, "a:b", "x"),
                () -> tracker().tag(id, "a", "x".repeat(8001)),
                () -> tracker().tag(id, "a", "half \ud83d"),
                () -> tracker().rename(id, " "),
                () -> experiments().tag("churn", "a:b", "x"),
                () -> experiments().tag("churn", "a", "x".repeat(5001)),
                () -> experiments().rename("churn", ""));

        for (ThrowingCallable call : wrong) {
            assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(tracker().get(id)).isEqualTo(before);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> tracker().tag(new RunId("unknown"), "a", "b"),
                () -> tracker().rename(new RunId("unknown"), "b"),
                () -> tracker().delete(new RunId("unknown")),
                () -> tracker().restore(new RunId("unknown")),
                () -> tracker().end(new RunId("unknown"), new RunOutcome.Finished()))) {
            assertThatThrownBy(call).isInstanceOf(NotFoundException.class).hasMessageContaining("unknown");
        }
    }

    @Test
    void aDeletedRunIsHiddenUntilItIsRestored() {
        RunId id = finished("churn");
        tracker().delete(id);
        tracker().delete(id);

        assertThat(tracker().get(id).deleted()).isTrue();
        assertThat(tracker().search(RunQuery.of("churn"))).isEmpty();
        assertThatThrownBy(() -> tracker().tag(id, "team", "growth"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("restore");

        tracker().restore(id);
        assertThat(tracker().search(RunQuery.of("churn"))).hasSize(1);
    }

    @Test
    void somebodyElseEndsARun() {
        Run left = tracker().start(RunSpec.of("churn"));
        tracker().end(left.id(), new RunOutcome.Killed("its machine is gone"));

        RunInfo run = tracker().get(left.id());
        assertThat(run.status()).isEqualTo(RunStatus.KILLED);
        assertThat(run.outcome()).isEqualTo(new RunOutcome.Killed("its machine is gone"));
        assertThat(run.ended()).isAfterOrEqualTo(run.started());
        assertThatThrownBy(() -> tracker().end(left.id(), new RunOutcome.Finished()))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void aRunFollowsItsExperimentToAnotherName() {
        RunId[] child = new RunId[1];
        RunId id = tracker().run("churn", run -> {
            assertThat(run.flush(Duration.ofSeconds(60))).isTrue();
            experiments().rename("churn", "attrition");

            assertThat(run).asString().contains("of attrition");
            child[0] = run.child("trees 200", body -> body.metric("auc", 0.9));
            tracker().start(RunSpec.of("attrition").id(run.id())).complete();
        });

        assertThat(tracker().get(id).experiment()).isEqualTo("attrition");
        assertThat(tracker().get(child[0]).experiment()).isEqualTo("attrition");
        assertThat(experiments().find("churn")).isEmpty();
    }

    @Test
    void anExperimentIsRenamedTaggedDeletedAndRestored() {
        RunId id = finished("churn");
        experiments().rename("churn", "attrition");
        experiments().tag("attrition", "team", "growth");
        experiments().tag("attrition", "gone", "x");
        experiments().untag("attrition", "gone");

        assertThat(experiments().get("attrition").tags()).isEqualTo(Map.of("team", "growth"));
        assertThat(tracker().get(id).experiment()).isEqualTo("attrition");

        experiments().delete("attrition");
        assertThat(experiments().list()).isEmpty();
        assertThat(experiments().get("attrition").deleted()).isTrue();
        experiments().restore("attrition");
        assertThat(experiments().list()).extracting(Experiment::name).containsExactly("attrition");
    }

    @Test
    void aNameThatWasMistypedMakesNoExperiment() {
        RunId id = finished("churn");
        List<RunInfo> runs = List.of(tracker().get(id));

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> experiments().get("chrun"),
                () -> tracker().compare("chrun", runs),
                () -> experiments().describe("chrun", MetricInfo.of("auc").higherIsBetter()),
                () -> experiments().tag("chrun", "a", "b"),
                () -> experiments().delete("chrun"))) {
            assertThatThrownBy(call).isInstanceOf(NotFoundException.class).hasMessageContaining("chrun");
        }
        assertThatThrownBy(() -> experiments().get("chrun")).hasMessageContaining("only churn");
        assertThat(experiments().search("", Visibility.ALL))
                .extracting(Experiment::name)
                .containsExactly("churn");
    }

    @Test
    void aRunThatIsNotThereIsToldWithWhatIsNear() {
        assertThatThrownBy(() -> tracker().get(new RunId("job-4712"))).hasMessageContaining("no other");
        RunId there = tracker().run(RunSpec.of("churn").id("job-4711"), run -> run.metric("auc", 0.9));

        assertThatThrownBy(() -> tracker().get(new RunId("job-4712")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("no run job-4712 in ", "only " + there);
        assertThatThrownBy(() -> tracker().resume(new RunId("job-4712"))).hasMessageContaining("only " + there);
    }

    @Test
    void aComparisonMarksWhatTheExperimentCallsBetter() {
        for (double auc : new double[] {0.8, 0.9}) {
            RunId unused = tracker().run("churn", run -> run.metric("auc", auc));
        }
        experiments().describe("churn", MetricInfo.of("auc").higherIsBetter());

        RunComparison comparison =
                tracker().compare("churn", tracker().search(RunQuery.of("churn").orderBy("metrics.auc DESC")));

        assertThat(comparison.runs()).hasSize(2);
        assertThat(comparison.best().get("auc"))
                .containsExactly(comparison.runs().get(0).id());
    }

    @Test
    void aDescriptionIsTakenWholeOrNotAtAll() {
        RunId unused = finished("churn");
        MetricInfo first = MetricInfo.of("auc").lowerIsBetter().unit("points").owner("kim");
        experiments().describe("churn", first);
        MetricInfo tooLong = MetricInfo.of("auc").higherIsBetter().target(0.9).owner("x".repeat(5001));

        assertThatThrownBy(() -> experiments().describe("churn", tooLong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5001");
        assertThat(experiments().get("churn").metric("auc")).isEqualTo(first);

        experiments().tag("churn", "team", "growth");
        experiments().describe("churn", MetricInfo.of("auc").target(0.95));
        assertThat(experiments().get("churn").metric("auc"))
                .isEqualTo(MetricInfo.of("auc").target(0.95));
        assertThat(experiments().get("churn").tags()).containsEntry("team", "growth");
    }

    @Test
    void aRunHasChildren() {
        RunId[] tries = new RunId[2];
        RunId sweep = tracker().run("churn", run -> {
            tries[0] = run.child("trees 100", child -> child.metric("auc", 0.8));
            try (Run child = run.child("trees 200")) {
                tries[1] = child.id();
                child.metric("auc", 0.9);
                child.complete();
            }
            assertThatThrownBy(() -> run.child(" ")).isInstanceOf(IllegalArgumentException.class);
        });

        for (int i = 0; i < tries.length; i++) {
            RunInfo child = tracker().get(tries[i]);
            assertThat(child.parent()).isEqualTo(sweep);
            assertThat(child.name()).isEqualTo("trees " + (i + 1) * 100);
            assertThat(child.experiment()).isEqualTo("churn");
            assertThat(child.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(child.tags())
                    .isEqualTo(Map.of("mlflow.parentRunId", sweep.value(), "mlflow.runName", child.name()));
        }
        assertThat(tracker().search(RunQuery.of("churn"))).hasSize(3);
    }

    @Test
    void aChildThatThrowsFailsAloneAndTheSameExceptionComesOut() {
        IllegalStateException thrown = new IllegalStateException("diverged");
        RunId[] child = new RunId[1];
        RunId sweep = tracker()
                .run(
                        "churn",
                        run -> assertThatThrownBy(() -> run.child("steep", tried -> {
                                    child[0] = tried.id();
                                    throw thrown;
                                }))
                                .isSameAs(thrown));

        assertThat(tracker().get(child[0]).status()).isEqualTo(RunStatus.FAILED);
        assertThat(tracker().get(sweep).status()).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void aRunThatEndedBeginsNoChild() {
        Run run = tracker().start(RunSpec.of("churn"));
        run.complete();

        assertThatThrownBy(() -> run.child("late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(run.id().value(), "late");
        assertThat(tracker().search(RunQuery.of("churn"))).hasSize(1);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker may pass
    void severalMetricsAreRecordedAtOneStepOrNoneIsIfOneIsRefused() {
        Map<String, Double> good = new LinkedHashMap<>(Map.of("auc", 0.9, "loss", 0.4));
        Map<String, Double> bad = new LinkedHashMap<>(good);
        bad.put("recall@10", 0.5);
        Map<String, Double> missing = new HashMap<>(good);
        missing.put("gain", null);
        RunId id = tracker().run("churn", run -> {
            run.metrics(good, 7);
            run.metrics(Map.of("auc", 1, "loss", 0.3f));
            assertThatThrownBy(() -> run.metrics(bad, 9))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("recall@10");
            assertThatThrownBy(() -> run.metrics(missing)).hasMessageContaining("gain");
        });

        for (String key : good.keySet()) {
            assertThat(tracker().history(id, key))
                    .extracting(MetricPoint::step)
                    .as(key)
                    .containsExactly(7L, 8L);
        }
        assertThat(tracker().get(id).metrics()).containsOnlyKeys("auc", "loss");
    }

    @Test
    void aRunRenamesAndUntagsItself() {
        RunId id = tracker().run("churn", run -> {
            run.tag("phase", "fit");
            run.untag("phase");
            run.rename("deep forest");
        });

        assertThat(tracker().get(id).name()).isEqualTo("deep forest");
        assertThat(tracker().get(id).tags()).doesNotContainKey("phase");
    }

    @Test
    void everythingSaysWhatItIs() {
        Run run = tracker().start(RunSpec.of("churn").name("deep"));
        assertThat(run.toString()).contains(run.id().value(), "'deep'", "churn").doesNotContain("ended", "@");
        run.complete();
        assertThat(run.toString()).contains(run.id().value(), "ended");

        RunQuery query = RunQuery.of("churn").where("metrics.auc > 0.5").orderBy("metrics.auc DESC");
        assertThat(tracker().search(query).toString()).contains("churn", "metrics.auc > 0.5", "DESC");
        assertThat(tracker()
                        .search(RunQuery.of().visibility(Visibility.DELETED))
                        .toString())
                .contains("runs", "deleted");
        assertThat(tracker().history(run.id(), "auc").toString())
                .contains("auc", run.id().value());
        assertThat(experiments().search("name LIKE 'c%'", Visibility.ACTIVE).toString())
                .contains("experiments", "name LIKE 'c%'");
        for (Object shown : List.of(tracker(), experiments())) {
            assertThat(shown.toString()).doesNotContain("@", "io.mlops");
        }
    }

    @Test
    void theNoopTrackerTakesEveryVerb() {
        Tracker noop = Tracker.noop();
        RunId id = noop.run("churn", run -> {
            RunId unused = run.child("part", child -> child.metrics(Map.of("auc", 0.9), 1));
            run.rename("deep");
        });
        noop.tag(id, "a", "b");
        noop.rename(id, "b");
        noop.end(id, new RunOutcome.Finished());
        noop.delete(id);
        noop.restore(id);
        noop.experiments().describe("churn", MetricInfo.of("auc"));
        noop.experiments().delete("churn");

        assertThat(noop.compare("churn", noop.search(RunQuery.of())).runs()).isEmpty();
        assertThatThrownBy(() -> noop.experiments().get("churn")).isInstanceOf(NotFoundException.class);
        assertThat(noop.experiments().list().page(PageRequest.first(1))).isEqualTo(new Page<>(List.of(), null));
        assertThat(noop.history(id, "auc")).hasToString("no points, fetched when they are read");
        assertThat(noop.search(RunQuery.of()).toString()).startsWith("no runs");
        assertThat(noop.artifacts(id).list("").toString()).startsWith("no artifacts");
    }
}
