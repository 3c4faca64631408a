package io.mlops.backends.http.wire;

import io.mlops.api.common.BackendUnavailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries something again until it works, its time is over, or too much has been tried again altogether. The pauses grow, and
 * are drawn anew each time, so that many programs do not come back at once. Thread-safe.
 */
final class Tries {
    private static final Logger LOG = LoggerFactory.getLogger(Tries.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final int DOUBLINGS = 10;

    private final Clockwork clock;
    private final RetryBudget budget = new RetryBudget();
    private final Pace pace;

    Tries(Clockwork clock) {
        this.clock = clock;
        this.pace = new Pace(clock.nanos().getAsLong());
    }

    /** One try; it ends before this moment. */
    @FunctionalInterface
    interface Attempt<T> {
        Outcome<T> run(long end);
    }

    /**
     * Tries.
     *
     * @param what the call with the server, for messages
     * @param once whether it is over as soon as the server may have done it
     * @throws BackendUnavailableException if nothing came of it
     */
    <T> Answer<T> run(String what, boolean once, Duration longest, Attempt<T> attempt) {
        long begin = clock.nanos().getAsLong();
        long end = begin + longest.toNanos();
        boolean maybeDone = false;
        for (int tries = 1; ; tries++) {
            takeTurn(what, end, maybeDone);
            Outcome<T> outcome = attempt.run(end);
            if (outcome instanceof Outcome.Done<T> done) {
                budget.worked();
                pace.worked();
                return done.answer();
            }
            Outcome.Failed<T> failed = (Outcome.Failed<T>) outcome;
            maybeDone |= failed.maybeDone();
            if (once && failed.maybeDone()) {
                return new Answer.Unknown<>(
                        failed.cause(),
                        unavailable(what + ": " + failed.reason() + ", and it may have been done", true, failed));
            }
            Answer<T> otherwise = failed.otherwise();
            if (tries >= failed.mostTries() && otherwise != null) {
                return otherwise;
            }
            Duration pause = failed.after() == null ? pause(tries) : failed.after();
            boolean inTime = clock.nanos().getAsLong() + pause.toNanos() - end < 0;
            if (tries >= failed.mostTries() || !inTime || !budget.take()) {
                throw unavailable(what + ": " + failed.reason() + tried(tries, begin, failed), maybeDone, failed);
            }
            LOG.debug("{} is tried again in {} ms: {}", what, pause.toMillis(), failed.reason());
            sleep(what, pause, maybeDone);
        }
    }

    /** Halves the pace of all calls, since the server said that one which began then was too many. */
    void tooMany(long began) {
        pace.tooMany(began, clock.nanos().getAsLong());
    }

    private void takeTurn(String what, long end, boolean maybeDone) {
        long now = clock.nanos().getAsLong();
        long wait = pace.enter(now);
        if (now + wait - end > 0) {
            throw unavailable(what + ": the server wants fewer calls than this program makes", maybeDone, null);
        }
        if (wait > 0) {
            sleep(what, Duration.ofNanos(wait), maybeDone);
        } else if (Thread.currentThread().isInterrupted()) {
            throw unavailable(what + ": the thread was interrupted", maybeDone, null);
        }
    }

    private void sleep(String what, Duration time, boolean maybeDone) {
        try {
            clock.sleeper().sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendUnavailableException(what + ": the thread was interrupted", maybeDone, e);
        }
    }

    private Duration pause(int tries) {
        double longest = FIRST_PAUSE.toNanos() * Math.pow(2, Math.min(tries - 1, DOUBLINGS));
        return Duration.ofNanos((long) (Math.min(longest, (double) LONGEST_PAUSE.toNanos())
                * clock.chance().getAsDouble()));
    }

    private String tried(int tries, long begin, Outcome.Failed<?> failed) {
        Duration after = failed.after();
        long seconds = Duration.ofNanos(clock.nanos().getAsLong() - begin).toSeconds();
        return (tries == 1 ? "" : " (" + tries + " tries in " + seconds + " s)")
                + (after == null || after.isZero() ? "" : ", which asks to come back in " + after.toSeconds() + " s");
    }

    private static BackendUnavailableException unavailable(
            String message, boolean maybeDone, Outcome.@Nullable Failed<?> failed) {
        return new BackendUnavailableException(message, maybeDone, failed == null ? null : failed.cause());
    }
}
