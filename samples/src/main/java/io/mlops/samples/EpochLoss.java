package io.mlops.samples;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.util.Pair;
import io.mlops.api.tracker.Run;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.la.SGDVector;
import org.tribuo.math.util.VectorNormalizer;

/** Tribuo's log loss, which also tells a run the average of each epoch while the training goes on. */
final class EpochLoss implements LabelObjective {
    private final LabelObjective logLoss = new LogMulticlass();
    private final Run run;
    private final int rows;
    private double sum;
    private int seen;
    private int epoch;

    /** One epoch is this many rows. */
    EpochLoss(Run run, int rows) {
        this.run = run;
        this.rows = rows;
    }

    @Override
    public Pair<Double, SGDVector> lossAndGradient(Integer truth, SGDVector prediction) {
        Pair<Double, SGDVector> result = logLoss.lossAndGradient(truth, prediction);
        sum -= result.getA(); // Tribuo gives the log likelihood, which is the loss below zero
        seen++;
        if (seen == rows) {
            run.metric("loss", sum / rows, epoch);
            epoch++;
            seen = 0;
            sum = 0;
        }
        return result;
    }

    @SuppressWarnings("deprecation") // the older name that the interface still asks for
    @Override
    public Pair<Double, SGDVector> valueAndGradient(int truth, SGDVector prediction) {
        return lossAndGradient(truth, prediction);
    }

    @Override
    public VectorNormalizer getNormalizer() {
        return logLoss.getNormalizer();
    }

    @Override
    public boolean isProbabilistic() {
        return logLoss.isProbabilistic();
    }

    /** The model remembers what it was trained with: the loss, not its listener. */
    @Override
    public ConfiguredObjectProvenance getProvenance() {
        return logLoss.getProvenance();
    }
}
