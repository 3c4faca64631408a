package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records training runs and reads them back. Code that records should ask for this, not for a backend. Thread-safe.
 *
 * <p>The methods that take a body are the ones to use first: the run completes with the body, or fails with it and the
 * same exception comes out. A body may throw one checked type, which is inferred; two unrelated ones infer
 * {@code Exception}.
 */
public interface Tracker {
    /**
     * Starts a run at once, without waiting for the store. If the spec names an id, the store is asked first, and an
     * unfinished run of that id goes on. Of an experiment that is deleted the program learns late the first time: under
     * DROP the run is dropped under a reason of its own, and the next one there is refused.
     *
     * @throws ConflictException if the run of that id has finished, is deleted, or belongs to another experiment, or if this
     *     program deleted the experiment, or found it deleted before
     * @throws IllegalStateException if the {@code Mlops} of this tracker is closed
     */
    Run start(RunSpec spec);

    /**
     * Goes on with a run that failed, was killed, or is still open elsewhere.
     *
     * @throws NotFoundException if there is none
     * @throws ConflictException if it has finished
     */
    default Run resume(RunId run) {
        return start(RunSpec.of(get(run).experiment()).id(run));
    }

    /** Finds a run by its id, or by the id that the store itself gave it. */
    Optional<RunInfo> find(RunId run);

    /**
     * Searches for runs, which come in the order asked for, otherwise the newest first. The store is asked when they
     * are read; an experiment that is not there is then a {@link NotFoundException} that tells what is near, and no empty
     * answer, unless a run that is being recorded here is about to make it.
     *
     * @throws IllegalArgumentException naming the position at which a condition or order cannot be read
     */
    Listing<RunInfo> search(RunQuery query);

    /**
     * Lists every point of one metric by time, then step, then value. Equal points are one. A run that is running may
     * have none yet; the store is asked when they are read.
     *
     * @throws NotFoundException when they are read, if there is no such run, or it has ended without this metric, telling
     *     which it has
     */
    Listing<MetricPoint> history(RunId run, String metric);

    /**
     * Applies any change to a run of anybody; the verbs below are shorthands. Facts may follow its end, and only a run
     * that has ended can be deleted. Blocks until the change is durable, and throws if that fails.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if the run is not in a state for that, knows another value of the param, or has as much
     *     as it takes by {@link io.mlops.api.common.Limits}
     */
    void change(RunId run, RunChange change);

    /**
     * Hides a run of anybody until it is restored or purged; its id stays taken.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if it has not ended, or is the origin of a model version
     */
    void delete(RunId run);

    /**
     * Ends a run of anybody, such as one whose process has died: {@code tracker.end(id, new RunOutcome.Killed(reason))}.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if it has ended in another way
     */
    void end(RunId run, RunOutcome outcome);

    /**
     * Finds the environment that a run ran in, the last one if it was resumed. Empty if the run recorded none, and for
     * the first moments of one that was just started.
     *
     * @throws NotFoundException if there is no such run
     * @throws io.mlops.api.common.CorruptDataException if what was recorded is damaged
     */
    Optional<RunEnvironment> environment(RunId run);

    /** Reads the artifacts of any run, which are asked for when they are read. */
    Artifacts artifacts(RunId run);

    /** The named groups that runs belong to. */
    Experiments experiments();

    /**
     * Gets a run by its id, or by the id that the store itself gave it.
     *
     * @throws NotFoundException if there is none
     */
    default RunInfo get(RunId run) {
        return find(run).orElseThrow(() -> new NotFoundException("no run " + run));
    }

    /**
     * Shows a deleted run again; no matter whether it was deleted.
     *
     * @throws NotFoundException if there is no such run
     */
    default void restore(RunId run) {
        change(run, new RunChange.Restored());
    }

    /**
     * Sets a tag of a run of anybody, which may have ended.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if it is deleted, or has as much as it takes
     */
    default void tag(RunId run, String key, String value) {
        change(run, new RunFact.Tagged(key, value));
    }

    /**
     * Takes a tag away from a run of anybody, which may have ended; no matter whether it was there.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if it is deleted
     */
    default void untag(RunId run, String key) {
        change(run, new RunFact.Untagged(key));
    }

    /**
     * Gives a run of anybody, which may have ended, another name for people; its id stays.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if it is deleted
     */
    default void rename(RunId run, String name) {
        change(run, new RunFact.Renamed(name));
    }

    /**
     * Compares runs side by side, the best value of each metric marked by what the experiment says of it:
     * {@code tracker.compare("churn", tracker.search(query).first(3))}.
     *
     * @throws NotFoundException if there is no such experiment
     */
    default RunComparison compare(String experiment, Iterable<RunInfo> runs) {
        List<RunInfo> compared = new ArrayList<>();
        requireNonNull(runs, "runs").forEach(compared::add);
        return RunComparison.of(compared, experiments().get(experiment));
    }

    /**
     * Finds the run of an experiment that has the best latest value of a metric, in the direction that the experiment says
     * it gets better in; of several the one that started last. Empty if no run has a number there.
     *
     * @throws NotFoundException if there is no such experiment
     * @throws IllegalArgumentException if the experiment does not say which direction is the better one
     */
    default Optional<RunInfo> best(String experiment, String metric) {
        MetricInfo.Direction better =
                experiments().get(experiment).metric(metric).direction();
        if (better == MetricInfo.Direction.NONE) {
            throw new IllegalArgumentException("experiment '" + experiment
                    + "' does not say in which direction metric '" + metric
                    + "' gets better: describe it, such as by MetricInfo.of(\"" + metric + "\").higherIsBetter()");
        }
        return search(RunQuery.of(experiment).orderByMetric(metric, better))
                .findFirst()
                .filter(run -> run.metrics().containsKey(metric) && !Double.isNaN(run.metric(metric)));
    }

    /** Runs the body in a run that completes with it, or fails with it and rethrows the same exception. */
    default <X extends Exception> RunId run(String experiment, RunBody<X> body) throws X {
        return run(RunSpec.of(experiment), body);
    }

    /** Runs the body in a run that completes with it, or fails with it and rethrows the same exception. */
    default <X extends Exception> RunId run(RunSpec spec, RunBody<X> body) throws X {
        requireNonNull(body, "body");
        return call(spec, run -> {
            body.accept(run);
            return run.id();
        });
    }

    /** Like {@code run}, and returns what the body returns. */
    default <T extends @Nullable Object, X extends Exception> T call(String experiment, RunFunction<T, X> body)
            throws X {
        return call(RunSpec.of(experiment), body);
    }

    /** Like {@code run}, and returns what the body returns. */
    default <T extends @Nullable Object, X extends Exception> T call(RunSpec spec, RunFunction<T, X> body) throws X {
        requireNonNull(body, "body");
        Run run = start(requireNonNull(spec, "spec"));
        T result;
        try {
            result = body.apply(run);
        } catch (Throwable t) {
            run.fail(t);
            throw t;
        }
        run.complete();
        return result;
    }

    /** A tracker that records nothing and finds nothing; for tests, and for libraries whose caller tracks nothing. */
    static Tracker noop() {
        return NoopTracker.INSTANCE;
    }
}
