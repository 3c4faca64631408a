package io.mlops.core.sync;

import io.mlops.core.delivery.Backoff;
import io.mlops.core.delivery.Deadline;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Says when the target may be called, after it did not answer: not before a pause that grows, and then one run at a time
 * until ten have worked, so that it is not run over as it comes back. Thread-safe.
 */
final class Outage {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final int CAUTIOUS_TRIES = 10;

    /** The reason for which somebody wants to try. */
    enum Wish {
        /** There is something to bring. */
        WORK,
        /** A caller waits for it with patience. */
        WAITED_FOR,
        /** A caller asks for a try at once. */
        ASKED_FOR
    }

    /** The right to try, which ends with the try. */
    static final class Pass {}

    private final Object guard = new Object();
    /** Guarded, as all below. */
    private final Backoff backoff = new Backoff(
            FIRST_PAUSE, LONGEST_PAUSE, () -> ThreadLocalRandom.current().nextDouble());
    /** The moment for another try for whoever waits with patience. */
    private Deadline soon = Deadline.now();
    /** So many tries must work before several at once may. */
    private int cautious;

    private @Nullable Pass only;

    /** Whether the last try found nobody. */
    boolean away() {
        synchronized (guard) {
            return backoff.failing();
        }
    }

    /** Whether a try may begin. */
    boolean admits(Wish wish) {
        synchronized (guard) {
            boolean early = backoff.pausing() && (wish == Wish.WORK || (wish == Wish.WAITED_FOR && !soon.passed()));
            return !early && only == null;
        }
    }

    /** Begins a try; null if it may not begin. */
    @Nullable
    Pass enter(Wish wish) {
        synchronized (guard) {
            if (!admits(wish)) {
                return null;
            }
            Pass pass = new Pass();
            if (cautious > 0) {
                only = pass;
            }
            return pass;
        }
    }

    /** Ends a try, be it that nobody was asked. */
    void over(Pass pass) {
        synchronized (guard) {
            leave(pass);
        }
    }

    /** Takes note of a try to which the target answered, be it with a refusal. */
    void worked(Pass pass) {
        synchronized (guard) {
            leave(pass);
            backoff.worked();
            cautious = Math.max(0, cautious - 1);
        }
    }

    /** Ends a try to which nobody answered; returns whether that is news. */
    boolean failed(Pass pass) {
        synchronized (guard) {
            leave(pass);
            boolean news = !backoff.failing();
            if (news || !backoff.pausing()) {
                // Of several that were under way at once, one counts.
                backoff.failed();
            }
            soon = Deadline.in(FIRST_PAUSE);
            cautious = CAUTIOUS_TRIES;
            return news;
        }
    }

    private void leave(Pass pass) {
        if (only == pass) {
            only = null;
        }
    }
}
