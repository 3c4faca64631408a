package io.mlops.core.sync;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.spi.Backend;
import java.util.ArrayList;
import java.util.List;

/** The connection to a backend, which breaks at one call and stays broken. Not thread-safe. */
final class Interruption {
    /** What became of the call at which the connection broke. */
    enum Fate {
        NEVER_SENT,
        ANSWER_LOST
    }

    private final int working;
    private final Fate fate;
    private final List<String> calls = new ArrayList<>();

    /** A connection over which so many calls are done. */
    Interruption(int working, Fate fate) {
        this.working = working;
        this.fate = fate;
    }

    /** A connection that counts its calls and does not break. */
    static Interruption never() {
        return new Interruption(Integer.MAX_VALUE, Fate.NEVER_SENT);
    }

    /** The calls so far, by name. */
    List<String> calls() {
        return calls;
    }

    /** The backend at the other end. */
    Backend to(Backend kept) {
        return new TwistedBackend(kept, (method, arguments, real) -> {
            calls.add(method);
            boolean isLast = calls.size() == working + 1;
            Object answer = calls.size() <= working || (isLast && fate == Fate.ANSWER_LOST) ? real.call() : null;
            if (calls.size() > working) {
                throw new BackendUnavailableException("the connection is broken", fate == Fate.ANSWER_LOST, null);
            }
            return answer;
        });
    }
}
