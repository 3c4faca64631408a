package io.mlops.core.sync;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Listing;
import io.mlops.api.common.Progress;
import io.mlops.api.common.SyncReport;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.registry.Model;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.Capability;
import io.mlops.api.tracker.Experiment;
import java.time.InstantSource;
import java.util.List;

/**
 * Brings all that one backend keeps to another, in an order in which each thing finds what it refers to. What is there is
 * left alone, so that an interrupted copy goes on when it is run again. One thread at a time.
 */
public final class StoreCopy {
    private final Backend from;
    private final Backend to;
    private final InstantSource clock;
    private final Progress listener;
    private final SyncAccount account = new SyncAccount();

    /**
     * A copy of a store.
     *
     * @param clock tells when deletions are made
     * @throws IllegalArgumentException if both are one store
     */
    public StoreCopy(Backend from, Backend to, InstantSource clock, Progress listener) {
        this.from = requireNonNull(from, "from");
        this.to = requireNonNull(to, "to");
        this.clock = requireNonNull(clock, "clock");
        this.listener = requireNonNull(listener, "listener");
        boolean isOnePlace = from.info().capabilities().contains(Capability.PERSISTENT)
                && from.info().name().equals(to.info().name());
        if (from == to || isOnePlace) {
            throw new IllegalArgumentException("cannot copy " + from.info().name() + " to itself: name another place");
        }
    }

    /**
     * Copies what the target lacks, and tells what became of everything.
     *
     * @throws IllegalArgumentException if the target is closed
     * @throws io.mlops.api.common.BackendUnavailableException if either does not answer; run it again to go on
     */
    public SyncReport run() {
        checkOpen();
        ExperimentCopy experiments = new ExperimentCopy(from, to, account);
        List<Experiment> open = experiments.bring();
        RunsCopy runs = new RunsCopy(from, to, clock, listener, account);
        runs.lookElsewhere(experiments.others());
        open.forEach(experiment -> runs.bring(experiment.name(), experiments.wasThere(experiment.name())));
        copyModels();
        runs.linkOutputs();
        experiments.delete(clock.instant(), runs::isFromHere);
        return account.report(from.info().name(), to.info().name());
    }

    private void checkOpen() {
        try {
            var unused = to.experiments().find("is it open?");
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException("cannot copy to " + to.info().name() + ": " + e.getMessage(), e);
        }
    }

    private void copyModels() {
        List<Model> models;
        try {
            Listing<Model> all = page -> from.models().models(page);
            models = all.stream().toList();
        } catch (UnsupportedByBackendException e) {
            return;
        }
        SyncProgress progress = new SyncProgress(listener, "models", models.size());
        for (Model model : models) {
            account.step("model " + model.name(), () -> {
                new ModelCopy(from, to, model.name(), account).bring(model);
                new AliasCopy(from, to, model.name(), clock.instant(), account).bring(model);
            });
            progress.step();
        }
    }
}
