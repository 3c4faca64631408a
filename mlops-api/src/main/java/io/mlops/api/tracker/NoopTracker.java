package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.Listing;
import io.mlops.api.common.Page;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tracker that records nothing and finds nothing. Thread-safe. */
final class NoopTracker implements Tracker {
    static final NoopTracker INSTANCE = new NoopTracker();

    private NoopTracker() {}

    @Override
    public Run start(RunSpec spec) {
        RunId id = spec.id();
        return new NoopRun(id == null ? new RunId("noop") : id);
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        return Optional.empty();
    }

    @Override
    public Listing<RunInfo> search(RunQuery query) {
        return none("runs");
    }

    @Override
    public Optional<RunInfo> best(String experiment, String metric) {
        return Optional.empty();
    }

    @Override
    public Listing<MetricPoint> history(RunId run, String metric) {
        return none("points");
    }

    @Override
    public void change(RunId run, RunChange change) {}

    @Override
    public void delete(RunId run) {}

    @Override
    public void end(RunId run, RunOutcome outcome) {
        requireNonNull(outcome, "outcome");
    }

    @Override
    public RunComparison compare(String experiment, Iterable<RunInfo> runs) {
        List<RunInfo> compared = new ArrayList<>();
        runs.forEach(compared::add);
        return RunComparison.of(compared);
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        return Optional.empty();
    }

    @Override
    public Artifacts artifacts(RunId run) {
        return NoopArtifacts.INSTANCE;
    }

    @Override
    public Experiments experiments() {
        return new NoopExperiments(Progress.none());
    }

    /** A listing of none of these. */
    static <T> Listing<T> none(String things) {
        return Listing.of("no " + things, request -> new Page<>(List.of(), null));
    }

    /** Tells a listener how far something is; it must not disturb what it listens to. */
    static void tell(Progress listener, String what, long done, long total) {
        try {
            listener.at(what, done, total);
        } catch (RuntimeException ignored) {
            // Nobody else could be told.
        }
    }

    @Override
    public String toString() {
        return "a tracker that records nothing";
    }
}
