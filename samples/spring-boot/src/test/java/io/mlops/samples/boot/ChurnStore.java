package io.mlops.samples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A store as another program fills it before a service starts, and reads it afterwards. */
record ChurnStore(Path folder) {
    /** Trains a model and makes it the champion. */
    static ChurnStore with(ChurnModel model, Path folder) throws IOException {
        try (Mlops mlops = Mlops.open(folder)) {
            RunId run = mlops.tracker().run("churn", training -> training.metric("loss", 0.25));
            ModelVersion version = mlops.registry()
                    .register(ModelSpec.of("churn").run(run), files -> model.save(files.resolve("churn.txt")));
            mlops.registry().move(AliasMove.of("churn@champion", version).because("the first one"));
        }
        return new ChurnStore(folder);
    }

    String address() {
        return "file:" + folder;
    }

    /** The risks that a service recorded in its only run, which its own shutdown has ended. */
    List<Double> answers() {
        try (Mlops mlops = Mlops.open(folder)) {
            List<RunInfo> runs = runs(mlops);
            assertThat(runs)
                    .hasSize(1)
                    .allSatisfy(run -> assertThat(run.outcome()).isEqualTo(new RunOutcome.Finished()));
            return risks(mlops, runs.get(0));
        }
    }

    static List<RunInfo> runs(Mlops mlops) {
        return mlops.tracker().search(RunQuery.of("churn-answers")).stream().toList();
    }

    static List<Double> risks(Mlops mlops, RunInfo run) {
        return mlops.tracker().history(run.id(), "risk").stream()
                .map(point -> point.value())
                .toList();
    }
}
