package io.mlops.samples;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInfo;
import io.mlops.core.Mlops;
import java.util.Map;

/** The shortest program that shows something: logs a run and reads it back. Takes a store, else uses memory. */
public final class FirstRun {
    private FirstRun() {}

    /** For example {@code FirstRun file:mlops-store}. */
    public static void main(String[] arguments) {
        try (Mlops mlops = Mlops.open(arguments.length == 0 ? "memory:" : arguments[0])) {
            RunId id = mlops.tracker().run("first", run -> {
                run.params(Map.of("trees", 200, "rate", 0.1));
                for (int epoch = 0; epoch < 3; epoch++) {
                    run.metric("loss", 1.0 / (1 + epoch), epoch);
                }
            });

            RunInfo info = mlops.tracker().get(id);
            System.out.println(info.experiment() + " " + info.status() + " " + info.params());
            for (MetricPoint point : mlops.tracker().history(id, "loss")) {
                System.out.println("loss " + point.value() + " at step " + point.step());
            }
        }
    }
}
