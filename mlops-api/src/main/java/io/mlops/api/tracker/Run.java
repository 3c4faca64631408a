package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.RunId;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One execution being recorded. Recording calls (metric, param, tag, note, uses) never wait for the store, and never
 * throw because of it unless the failure policy is FAIL; with full buffers they wait for the configured time at most.
 * After the end of the run they are a bug: {@link IllegalStateException}. Thread-safe.
 */
public interface Run extends AutoCloseable {
    /** The id of this run in every store, chosen before any store was asked. */
    RunId id();

    /**
     * Records a number at a step. NaN and infinities are legal, and so is any step. Allocates nothing once the key is
     * known.
     *
     * @throws IllegalArgumentException if the key breaks the rule of {@link io.mlops.api.common.Names#checkKey}, or would
     *     be the run's 10,001st
     */
    void metric(String key, double value, long step);

    /** The next step of a key: one more than its greatest, 0 for a new key; goes on where a resumed run left off. */
    long nextStep(String key);

    /**
     * Records one fact; the named methods below are shorthands. {@link io.mlops.api.common.Limits} tells how much a run
     * takes.
     *
     * @throws ConflictException if this run knows another value of the param
     * @throws IllegalArgumentException if the run has that much already
     */
    void record(RunFact fact);

    /**
     * Starts a run of the same experiment that is part of this one, such as one try of a sweep, under this name. It ends
     * on its own, and starting it does not wait for the store.
     *
     * @throws IllegalStateException if this run has ended
     */
    Run child(String name);

    /** The artifacts of this run; unlike the recording calls, a put blocks and always throws if it fails. */
    RunArtifacts artifacts();

    /**
     * Waits until everything recorded so far is durable. An interrupted caller keeps its flag and gets its answer at
     * once.
     *
     * @return false if the time was too short, or something was dropped since the last flush, as {@code delivery()}
     *     then tells
     */
    boolean flush(Duration within);

    /**
     * Ends the run and waits until all of it is durable; later calls do nothing. Under DROP it does not throw: with the
     * store down it returns, and what is pending is delivered when the store is back, or dropped when its {@code Mlops}
     * is closed.
     */
    void end(RunOutcome outcome);

    /** Ends the run as failed with "closed before complete()", unless it has ended. */
    @Override
    void close();

    /** Records a number at the next step of its key. */
    default void metric(String key, double value) {
        metric(key, value, nextStep(key));
    }

    /**
     * Records a number of each key at one step, in the order of the map; none if a key breaks the rule, or a number is
     * null.
     *
     * @throws IllegalArgumentException as by {@link #metric(String, double, long)}; before the run's 10,001st key, the
     *     others are recorded
     */
    default void metrics(Map<String, ? extends Number> values, long step) {
        MetricValues.check(values);
        values.forEach((key, value) -> metric(key, value.doubleValue(), step));
    }

    /** Records a number of each key, each at the next step of its key; refuses what the other {@code metrics} does. */
    default void metrics(Map<String, ? extends Number> values) {
        MetricValues.check(values);
        values.forEach((key, value) -> metric(key, value.doubleValue()));
    }

    /** Runs the body in a child of this name, which completes with it, or fails with it and rethrows the same exception. */
    default <X extends Exception> RunId child(String name, RunBody<X> body) throws X {
        requireNonNull(body, "body");
        Run child = child(name);
        try {
            body.accept(child);
        } catch (Throwable t) {
            child.fail(t);
            throw t;
        }
        child.complete();
        return child.id();
    }

    /** Ends the run as finished. */
    default void complete() {
        end(new RunOutcome.Finished());
    }

    /**
     * Ends the run as failed. Never throws, not even an error, since it runs while another exception is on its way; what
     * goes wrong is added to that one as suppressed.
     *
     * @param cause what failed; null if nobody knows
     */
    default void fail(@Nullable Throwable cause) {
        try {
            end(RunOutcome.Failed.because(cause));
        } catch (Throwable whileEnding) {
            if (cause != null && whileEnding != cause) {
                cause.addSuppressed(whileEnding);
            }
        }
    }

    /**
     * Records an input value, once: the same value again is fine, another one is not. What has one obvious text of at
     * most 6000 characters is taken: numbers, booleans, enums, text, times, paths, addresses (without secrets), UUIDs,
     * classes, optional ones, and lists and arrays of them, as JSON; null becomes the text {@code null}. The rest is
     * refused.
     *
     * @throws ConflictException if this run knows another value of the param
     */
    default void param(String key, @Nullable Object value) {
        record(RunFact.param(key, value));
    }

    /** One param per entry; maps and records within it become {@code outer.inner}, null the text {@code null}. */
    default void params(Map<String, ? extends @Nullable Object> values) {
        RunFact.params(values).forEach(this::record);
    }

    /** One param per component; maps and records within it become {@code outer.inner}, null the text {@code null}. */
    default void params(Record values) {
        RunFact.params(values).forEach(this::record);
    }

    /**
     * Records where random numbers begin, as the param {@code seed}, and returns it: {@code new Random(run.seed(42))}.
     *
     * @throws ConflictException if this run knows another one
     */
    default long seed(long seed) {
        param("seed", seed);
        return seed;
    }

    /** Records one of several seeds, as the param {@code seed.<name>}, and returns it. */
    default long seed(String name, long seed) {
        param("seed." + name, seed);
        return seed;
    }

    /** Sets a label, which may change later; at most 8000 characters. */
    default void tag(String key, String value) {
        record(new RunFact.Tagged(key, value));
    }

    /** Takes a label away; no matter whether it was there. */
    default void untag(String key) {
        record(new RunFact.Untagged(key));
    }

    /** Gives the run another name for people. */
    default void rename(String name) {
        record(new RunFact.Renamed(name));
    }

    /** Sets the text that user interfaces show above the run. */
    default void note(String markdown) {
        record(new RunFact.Tagged(RunFact.NOTE, markdown));
    }

    /**
     * Records data that the run reads, such as {@code run.uses(datasets.get("customers@latest"), "training")} or
     * {@code run.uses(DataReference.external(name, digest, source), "test")}.
     *
     * @param role as what: training, test, …
     */
    default void uses(DataReference data, String role) {
        record(new RunFact.Used(RunInput.of(data, role)));
    }
}
