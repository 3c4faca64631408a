package io.mlops.benchmarks;

import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.util.Arrays;

/** The tasks with this library. */
final class OurTracking {
    private final Mlops mlops;

    OurTracking(Mlops mlops) {
        this.mlops = mlops;
    }

    /** From the first call to the end of the flush, in the middle of so many rounds; one more before warms up. */
    double seconds(int points, int rounds) {
        double[] seconds = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            Run run = TemporaryStore.startRun(mlops);
            long begin = System.nanoTime();
            TemporaryStore.record(run, points);
            TemporaryStore.flush(run);
            seconds[Math.max(0, round)] = (System.nanoTime() - begin) / 1e9;
            run.complete();
        }
        Arrays.sort(seconds);
        return seconds[rounds / 2];
    }

    Durations smallRuns(String experiment, Workload work) {
        Durations durations = new Durations(work.runs());
        for (int number = 0; number < work.runs(); number++) {
            long begin = System.nanoTime();
            Run run = mlops.tracker().start(RunSpec.of(experiment));
            for (int i = 0; i < work.params(); i++) {
                run.param("param" + i, Workload.param(number, i));
            }
            for (int i = 0; i < work.metrics(); i++) {
                run.metric("metric" + i, Workload.metric(number, i), 0);
            }
            run.tag(Workload.TAG, Workload.TAG_VALUE);
            run.complete();
            durations.add(System.nanoTime() - begin);
        }
        return durations;
    }

    /** Searches, and returns the number of runs found. */
    int search(String experiment, String filter) {
        RunQuery query = RunQuery.of(experiment).where(filter).orderBy(Workload.ORDER);
        return mlops.tracker().search(query).first(Workload.BEST).size();
    }

    Run longRun(int points) {
        Run run = TemporaryStore.startRun(mlops);
        for (int i = 0; i < points; i++) {
            run.metric("metric0", i * 0.1, i);
        }
        run.complete();
        return run;
    }

    /** Reads a history, and returns the number of its points. */
    int history(Run run) {
        return mlops.tracker()
                .history(run.id(), "metric0")
                .first(Integer.MAX_VALUE)
                .size();
    }
}
