package io.mlops.core.tracker;

import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import org.jspecify.annotations.Nullable;

/** A caller's request to the delivery thread, with which the caller waits for the answer. Thread-safe. */
final class Ticket {
    /** The thing asked for. */
    enum Want {
        /** The store knows the run. */
        CREATED,
        /** Everything recorded before the ticket is durable. */
        DURABLE
    }

    /** The answer that a caller waits for. */
    enum Until {
        /** The thing is done, or never will be. */
        DONE,
        /** A try has failed, or the thing is done, or never will be. */
        TRIED
    }

    /** Later ones stand above earlier ones, and are never taken back. */
    private enum Answer {
        NONE,
        FAILED,
        NEVER,
        DONE
    }

    private final Want want;
    private final Signal answered = new Signal();
    private final Object guard = new Object();
    /** Guarded. */
    private Answer answer = Answer.NONE;
    /** Guarded. */
    private @Nullable RuntimeException failure;
    /** Written by the caller that waits. */
    private volatile boolean withdrawn;

    Ticket(Want want) {
        this.want = want;
    }

    Want want() {
        return want;
    }

    /** Whether the delivery thread has tried since the ticket was handed in. */
    boolean tried() {
        return answer() != Answer.NONE;
    }

    void done() {
        answer(Answer.DONE, null);
    }

    void failed(RuntimeException why) {
        answer(Answer.FAILED, why);
    }

    /** It will never be done. */
    void never() {
        answer(Answer.NEVER, failure());
    }

    /** Whether its caller has stopped waiting. */
    boolean withdrawn() {
        return withdrawn;
    }

    /** The failure of the last try; null if none failed, or it is done. */
    @Nullable
    RuntimeException failure() {
        synchronized (guard) {
            return failure;
        }
    }

    /** Waits for an answer; an interrupt is kept in any case. Returns whether the thing is done. */
    boolean await(Until until, Deadline deadline, Interrupts interrupts) {
        Answer enough = until == Until.TRIED ? Answer.FAILED : Answer.NEVER;
        boolean unused = answered.await(() -> answer().compareTo(enough) >= 0, deadline, interrupts);
        withdrawn = true;
        return answer() == Answer.DONE;
    }

    private Answer answer() {
        synchronized (guard) {
            return answer;
        }
    }

    private void answer(Answer given, @Nullable RuntimeException why) {
        synchronized (guard) {
            if (answer != Answer.DONE) {
                answer = given.compareTo(answer) > 0 ? given : answer;
                failure = why;
            }
        }
        answered.changed();
    }
}
