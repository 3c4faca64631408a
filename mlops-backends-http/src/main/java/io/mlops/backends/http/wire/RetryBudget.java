package io.mlops.backends.http.wire;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much may be tried again, for all calls together: a server that is overloaded must not get a multiple of its load. What
 * works earns half a retry. Thread-safe.
 */
final class RetryBudget {
    private static final int RETRY = 2;
    private static final int MOST = 50 * RETRY;

    /** In halves of a retry. */
    private final AtomicInteger left = new AtomicInteger(MOST);

    void worked() {
        left.updateAndGet(halves -> Math.min(MOST, halves + 1));
    }

    /** Takes one retry; false if none is left. */
    boolean take() {
        return left.getAndUpdate(halves -> Math.max(0, halves - RETRY)) >= RETRY;
    }
}
