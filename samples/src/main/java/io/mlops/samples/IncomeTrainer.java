package io.mlops.samples;

import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tribuo.MutableDataset;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.evaluation.LabelEvaluation;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.math.optimisers.AdaGrad;

/** Trains a logistic regression; each training is a run. */
final class IncomeTrainer {
    private static final int NO_LOG = -1;

    private final Tracker tracker;
    private final CensusData data;
    private final PrintStream out;

    IncomeTrainer(Tracker tracker, CensusData data, PrintStream out) {
        this.tracker = tracker;
        this.data = data;
        this.out = out;
    }

    TrainedModel train(String name, Settings settings) {
        TrainedModel trained = tracker.call(RunSpec.of("income").name(name), run -> {
            run.params(settings);
            run.uses(data.reference(), "training");
            IncomeModel model = fit(settings, run);
            record(model.evaluate(data.heldOut()), run);
            return new TrainedModel(run.id(), model);
        });
        print(tracker.get(trained.run()));
        return trained;
    }

    private IncomeModel fit(Settings settings, Run run) {
        MutableDataset<Label> rows = IncomeModel.dataset(data.training());
        LinearSGDTrainer trainer = new LinearSGDTrainer(
                new EpochLoss(run, rows.size()),
                new AdaGrad(settings.learningRate()),
                settings.epochs(),
                NO_LOG,
                run.seed(Trainer.DEFAULT_SEED));
        return new IncomeModel(trainer.train(rows));
    }

    private static void record(LabelEvaluation evaluation, Run run) {
        run.metrics(Map.of(
                "accuracy", evaluation.accuracy(),
                "auc", evaluation.AUCROC(IncomeModel.HIGH),
                "precision", evaluation.precision(IncomeModel.HIGH),
                "recall", evaluation.recall(IncomeModel.HIGH)));
        run.artifacts()
                .putText("confusion-matrix.txt", evaluation.getConfusionMatrix().toString());
    }

    private void print(RunInfo run) {
        out.println("run " + run.id() + ", " + run.name() + ": " + run.params());
        out.print("  loss by epoch");
        for (MetricPoint point : tracker.history(run.id(), "loss")) {
            out.printf(Locale.ROOT, " %.3f", point.value());
        }
        out.printf("%n  on held-out rows");
        for (String metric : List.of("accuracy", "auc", "precision", "recall")) {
            out.printf(Locale.ROOT, "  %s %.4f", metric, run.metric(metric));
        }
        out.printf("%n%n");
    }
}
