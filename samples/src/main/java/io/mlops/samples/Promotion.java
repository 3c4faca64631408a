package io.mlops.samples;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Registers the best of several models, and makes it champion unless the present one is better. */
final class Promotion {
    private static final String CHAMPION = "income@champion";

    private final Mlops mlops;
    private final CensusData data;
    private final PrintStream out;

    Promotion(Mlops mlops, CensusData data, PrintStream out) {
        this.mlops = mlops;
        this.data = data;
        this.out = out;
    }

    void registerBest(List<TrainedModel> trained) throws IOException {
        TrainedModel best = best(trained);
        ModelVersion version = register(best);
        out.println(version.id() + " registered, the better one: run " + best.run());
        moveUnlessWorse(version, best.model());
    }

    /** By what the runs recorded; the experiment may hold many more runs than these. */
    private TrainedModel best(List<TrainedModel> trained) {
        Map<RunId, TrainedModel> byRun = trained.stream().collect(Collectors.toMap(TrainedModel::run, one -> one));
        RunQuery query = RunQuery.of("income").orderBy("metrics.auc DESC");
        return mlops.tracker().search(query).stream()
                .map(RunInfo::id)
                .filter(byRun::containsKey)
                .findFirst()
                .map(byRun::get)
                .orElseThrow(() -> new NotFoundException("none of the runs " + byRun.keySet() + " reached the store"));
    }

    private ModelVersion register(TrainedModel trained) throws IOException {
        ModelSpec spec = ModelSpec.of("income")
                .run(trained.run())
                .signature(Census.SIGNATURE)
                .description("Logistic regression on census rows " + data.origin());
        return mlops.registry()
                .progress(ConsoleBar.on(out))
                .register(spec, folder -> trained.model().save(folder.resolve(IncomeModel.FILE)));
    }

    /** Compares with the champion on the rows held out now: what it once scored elsewhere says little. */
    private void moveUnlessWorse(ModelVersion version, IncomeModel model) {
        double auc = auc(model);
        Optional<ModelVersion> champion = mlops.registry().find(CHAMPION);
        AliasMove move = AliasMove.of(CHAMPION, version).expecting(champion);
        if (champion.isEmpty()) {
            move(move.because("the first one"));
            return;
        }
        ModelVersion present = champion.get();
        double presentAuc = auc(present);
        String comparison = String.format(
                Locale.ROOT,
                "%s has auc %.4f, %s has %.4f on the same rows",
                version.id(),
                auc,
                present.id(),
                presentAuc);
        if (auc < presentAuc) {
            out.println(CHAMPION + " stays at " + present.id() + ": " + comparison);
        } else {
            move(move.because(comparison));
        }
    }

    /** Fails rather than undo a move that somebody else made meanwhile. */
    private void move(AliasMove move) {
        mlops.registry().move(move);
        out.println(CHAMPION + " moved to income/" + move.target() + ": " + move.reason());
    }

    private double auc(ModelVersion version) {
        try (ModelHandle<IncomeModel> loaded = mlops.serving().load(version.id(), IncomeModel::load)) {
            return loaded.call(this::auc);
        }
    }

    private double auc(IncomeModel model) {
        return model.evaluate(data.heldOut()).AUCROC(IncomeModel.HIGH);
    }
}
