package io.mlops.backends.fs.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.fs.FsBackend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Scenarios of what programs do with runs and experiments. Every step may be done twice. */
final class Scenarios {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final RunId RUN = new RunId("run-1");

    private Scenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(List.of(
                experiments(),
                renamedExperiment(),
                run(),
                bareRun(),
                environment(),
                environmentOfAnother(),
                artifacts(),
                artifactBesideOneCutShort(),
                artifactOfAFreshRun(),
                manyArtifacts(),
                manyArtifactsOfAnother(),
                joinedWriter(),
                pointsOfAnother(),
                resumedRun(),
                deletedRun(),
                restoredRun(),
                deletedExperiment(),
                restoredExperiment(),
                purgedRun(),
                purgedExperiment(),
                discardedRun()));
        all.addAll(ModelScenarios.all());
        return all;
    }

    static Scenario.Action create() {
        return machine -> {
            var unused = machine.store().runs().create(draft());
        };
    }

    private static RunDraft draft() {
        return new RunDraft(RUN, "churn", "first", NOON, null, Map.of("team", "red"));
    }

    /** Makes an action that sends all points of a writer from the first on; the store skips those it has. */
    static Scenario.Action append(int process, boolean owns, String writer, String key, int points) {
        return machine -> {
            long[] steps = new long[points];
            long[] times = new long[points];
            double[] values = new double[points];
            for (int i = 0; i < points; i++) {
                steps[i] = i;
                times[i] = NOON.toEpochMilli() + i;
                values[i] = 1.0 / (i + 1);
            }
            RunStore runs = machine.process(process).runs();
            boolean running = runs.find(RUN)
                    .filter(run -> run.status() == RunStatus.RUNNING)
                    .isPresent();
            if (machine.crashed() && owns && running) {
                runs.change(RUN, List.of(new RunChange.Resumed(NOON.plusSeconds(50))));
            }
            long unused = runs.append(RUN, MetricBatch.of(writer, 0, key, steps, times, values));
        };
    }

    static Scenario.Action change(int process, RunChange... changes) {
        return machine -> machine.process(process).runs().change(RUN, List.of(changes));
    }

    static RunChange ended() {
        return new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(9));
    }

    static RunChange failed() {
        return new RunChange.Ended(new RunOutcome.Failed("Oops", "no data"), NOON.plusSeconds(9));
    }

    private static Scenario.Action ensure(String name) {
        return machine -> {
            var unused = machine.store().experiments().ensure(name, NOON);
        };
    }

    /** Makes an action that changes an experiment; its retry finds the change made, if it was. */
    private static Scenario.Action edit(String name, ExperimentChange change) {
        return machine -> machine.store().experiments().change(name, change, NOON.plusSeconds(1));
    }

    private static Scenario.Action rename(String name, String to) {
        return machine -> {
            FsBackend store = machine.store();
            String now = store.experiments().find(name).isPresent() ? name : to;
            store.experiments().change(now, new ExperimentChange.Renamed(to), NOON.plusSeconds(1));
        };
    }

    static Scenario.Action put(Map<String, String> files) {
        return put(1, files);
    }

    private static Scenario.Action put(int process, Map<String, String> files) {
        Map<RelativePath, Content> contents = new TreeMap<>();
        files.forEach((path, text) -> contents.put(RelativePath.of(path), Content.text(text)));
        return machine -> {
            var unused = machine.process(process).artifacts().put(RUN, contents);
        };
    }

    /** Makes a scenario in which the store and the experiment are there already. */
    static Scenario prepared(String name) {
        return new Scenario(name).then("make the store", ensure("churn")).given();
    }

    private static Scenario started(String name) {
        return new Scenario(name)
                .later("create", create())
                .then("record it", change(1))
                .given();
    }

    private static Scenario finished(String name) {
        return new Scenario(name)
                .later("create", create())
                .later("append", append(1, true, "w", "loss", 3))
                .then("complete", change(1, ended()))
                .given();
    }

    private static Scenario experiments() {
        return new Scenario("experiments")
                .then("make the store", Machine::store)
                .then("ensure", ensure("churn"))
                .then("ensure another", ensure("Fraud / 2026"))
                .then("tag", edit("churn", new ExperimentChange.Tagged("a", "b")));
    }

    private static Scenario renamedExperiment() {
        return finished("renamed experiment")
                .then("rename", rename("churn", "churn 2025"))
                .then("make one of the old name", ensure("churn"));
    }

    private static Scenario run() {
        return prepared("run")
                .later("create", create())
                .later("append", append(1, true, "w", "loss", 3))
                .then("first change", change(1, RunFact.param("seed", 7)))
                .later("append more", append(1, true, "w", "loss", 6))
                .then("flush", change(1))
                .then("tag", change(1, new RunFact.Tagged("a", "b")))
                .later("append the last", append(1, true, "w", "loss", 8))
                .then("complete", change(1, ended()));
    }

    private static Scenario bareRun() {
        return prepared("bare run").later("create", create()).then("complete", change(1, ended()));
    }

    private static RunChange ranIn(String commit) {
        return new RunFact.RanIn(
                new RunEnvironment(Map.of("git.commit", commit), List.of(), Map.of("seed", "nobody told it")));
    }

    private static Scenario environment() {
        return started("environment")
                .then("tell where it runs", change(1, ranIn("c0ffee")))
                .then("tell another", change(1, ranIn("decaf")))
                .then("complete", change(1, ended()));
    }

    /** Makes the scenario in which a second process names an environment's file that the first one has just made. */
    private static Scenario environmentOfAnother() {
        return started("environment of another process")
                .later("tell where it runs", machine -> {
                    machine.disk().failSync(machine.crashed() ? "" : "/data/store/environments");
                    try {
                        change(1, ranIn("c0ffee")).in(machine);
                    } catch (BackendUnavailableException maybeDone) {
                        assertThat(maybeDone.getMessage()).contains("run-1");
                    }
                    machine.disk().failSync("");
                })
                .given()
                .then("tell the same", change(2, ranIn("c0ffee")));
    }

    private static Scenario artifacts() {
        return started("artifacts")
                .then("put", put(Map.of("a.txt", "one")))
                .then("put in folders", put(Map.of("b/c/d.txt", "two", "b/e.txt", "three")))
                .then("put beside", put(Map.of("b/c/f.txt", "four")))
                .then("replace", put(Map.of("b/c/d.txt", "another two")));
    }

    /**
     * Makes the scenario in which a replacement was cut short before its name was durable, and another file is put
     * beside it.
     */
    private static Scenario artifactBesideOneCutShort() {
        return started("artifact beside one cut short")
                .then("put", put(Map.of("a.txt", "one", "b/x.txt", "two")))
                .later("replace in vain", machine -> {
                    machine.disk().failSync(machine.crashed() ? "" : "/data/store/experiments/churn/run-1/artifacts");
                    try {
                        put(Map.of("a.txt", "another one")).in(machine);
                    } catch (BackendUnavailableException maybeDone) {
                        assertThat(maybeDone.maybeDone()).isTrue();
                    }
                    machine.disk().failSync("");
                })
                .given()
                .then("put beside", put(Map.of("b/y.txt", "three")));
    }

    private static Scenario artifactOfAFreshRun() {
        return prepared("artifact of a fresh run").later("create", create()).then("put", put(Map.of("a.txt", "one")));
    }

    private static Map<String, String> many(int from, int to) {
        Map<String, String> files = new TreeMap<>();
        IntStream.range(from, to).forEach(i -> files.put("f" + (100 + i), "text " + i));
        return files;
    }

    /** Makes the scenario in which a list goes on in a log until the two are folded, and in the next log. */
    private static Scenario manyArtifacts() {
        return started("many artifacts")
                .then("put many", put(many(0, 51)))
                .then("put as many again, but for three", put(many(51, 99)))
                .given()
                .then("put one more", put(Map.of("sub/a", "one")))
                .then("replace one", put(Map.of("sub/a", "another one")))
                .then("put one that is too many", put(Map.of("b", "two")))
                .then("put one more after that", put(Map.of("c", "three")))
                .then("put the next", put(Map.of("d", "four")));
    }

    /** Makes the scenario in which the log that a second process goes on in may not be durable. */
    private static Scenario manyArtifactsOfAnother() {
        return started("many artifacts of another process")
                .then("put many", put(many(0, 51)))
                .later("put in vain", machine -> {
                    machine.disk()
                            .failSync(machine.crashed() ? "" : "/data/store/experiments/churn/run-1/artifacts-1.log");
                    try {
                        put(Map.of("a", "one")).in(machine);
                    } catch (BackendUnavailableException maybeDone) {
                        assertThat(maybeDone.maybeDone()).isTrue();
                    }
                    machine.disk().failSync("");
                })
                .given()
                .then("put beside as another", put(2, Map.of("b", "two")));
    }

    /** Makes the scenario in which a second process writes into a run and flushes that. */
    private static Scenario joinedWriter() {
        return started("joined writer")
                .later("append", append(1, true, "w", "loss", 2))
                .then("flush", change(1))
                .later("append as another", append(2, false, "x", "acc", 3))
                .then("flush the other", change(2))
                .later("append more as another", append(2, false, "x", "acc", 5))
                .then("flush the other again", change(2))
                .then("complete", change(1, ended()));
    }

    /** Makes the scenario in which a process ends a run while points of another are not synced. */
    private static Scenario pointsOfAnother() {
        return started("points of another process")
                .later("append as another", append(2, false, "x", "acc", 3))
                .then("complete", change(1, ended()));
    }

    private static Scenario resumedRun() {
        return new Scenario("resumed run")
                .later("create", create())
                .later("append", append(1, true, "w", "loss", 3))
                .then("fail", change(1, failed()))
                .given()
                .then("resume", change(2, new RunChange.Resumed(NOON.plusSeconds(20))))
                .later("append", append(2, true, "x", "acc", 3))
                .then("complete", change(2, ended()));
    }

    private static Scenario deletedRun() {
        return finished("deleted run")
                .then("delete", change(1, new RunChange.Deleted(NOON.plusSeconds(30))))
                .then("restore", change(1, new RunChange.Restored()))
                .then("delete again", change(1, new RunChange.Deleted(NOON.plusSeconds(40))));
    }

    private static Scenario restoredRun() {
        return finished("restored run")
                .then("delete", change(1, new RunChange.Deleted(NOON.plusSeconds(30))))
                .then("restore", change(1, new RunChange.Restored()))
                .then("delete again", change(1, new RunChange.Deleted(NOON.plusSeconds(40))))
                .given()
                .then("restore again", change(1, new RunChange.Restored()));
    }

    private static Scenario deletedExperiment() {
        return finished("deleted experiment")
                .then("delete", edit("churn", new ExperimentChange.Deleted()))
                .then("restore", edit("churn", new ExperimentChange.Restored()))
                .then("delete again", edit("churn", new ExperimentChange.Deleted()));
    }

    private static Scenario restoredExperiment() {
        return finished("restored experiment")
                .then("delete", edit("churn", new ExperimentChange.Deleted()))
                .then("restore", edit("churn", new ExperimentChange.Restored()))
                .then("delete again", edit("churn", new ExperimentChange.Deleted()))
                .given()
                .then("restore again", edit("churn", new ExperimentChange.Restored()));
    }

    private static Scenario.Action purge() {
        return machine -> {
            PurgeStep unused = machine.store().experiments().purge(NOON.plusSeconds(99));
        };
    }

    private static Scenario purgedRun() {
        return finished("purged run")
                .then("delete", change(1, new RunChange.Deleted(NOON.plusSeconds(30))))
                .given()
                .then("purge", purge());
    }

    private static Scenario purgedExperiment() {
        return finished("purged experiment")
                .then("delete", edit("churn", new ExperimentChange.Deleted()))
                .given()
                .then("purge", purge());
    }

    private static Scenario discardedRun() {
        return finished("discarded run")
                .given()
                .then("discard", machine -> machine.store().runs().discard(RUN));
    }
}
