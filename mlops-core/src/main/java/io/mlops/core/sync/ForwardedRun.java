package io.mlops.core.sync;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.core.delivery.Deadline;
import org.jspecify.annotations.Nullable;

/** A run on its way from the spool to the target. Guarded by the guard of its forwarder, but for what one thread owns. */
final class ForwardedRun {
    private final RunId id;
    private final Lane lane;
    private final boolean fresh;

    /** Grows with each change, and with each caller that asks. */
    private long asked;
    /** How much of that was brought. */
    private long brought;
    /** How many tries have begun. */
    private long tries;
    /** The number of the last try that failed. */
    private long failed;
    /** When it is to be brought, if there is something to bring. */
    private Deadline dueAt = Deadline.never();

    /** When it may be brought, after the target refused it: whoever waits for it may try at once. */
    private Deadline notBefore = Deadline.now();

    private boolean askedFor;
    /** How many callers wait for it. */
    private int waiters;
    /** How many of them do with patience. */
    private int patient;
    /** How many points the spool had when it was brought last, and has now. */
    private long pointsBrought;

    private long points;
    /** The reason for which the target will never take it; null while it may. */
    private Delivery.@Nullable Reason hopeless;

    /** Of the thread that brings it; null before the first try. */
    private @Nullable RunCopy copy;

    /** A run that has nothing to bring yet; {@code fresh} if the target cannot know it. */
    ForwardedRun(RunId id, Lane lane, boolean fresh) {
        this.id = id;
        this.lane = lane;
        this.fresh = fresh;
    }

    RunId id() {
        return id;
    }

    Lane lane() {
        return lane;
    }

    // ---- under the guard

    boolean hasWork() {
        return asked > brought;
    }

    /** Takes note of a change, which is to be brought by then. */
    void ask(Deadline due) {
        dueAt = hasWork() ? dueAt.orEarlier(due) : due;
        asked++;
    }

    /** Takes note of points in the spool; returns how many wait. */
    long points(long inSpool) {
        points = Math.max(points, inSpool);
        return points - pointsBrought;
    }

    /** Lets a caller try what the target refused a moment ago. */
    void tryAgain() {
        notBefore = Deadline.now();
    }

    /** Tries at once, also where the target did not answer. */
    void askFor() {
        askedFor = true;
    }

    /** Takes note of a caller that waits for it. */
    void awaited(boolean patiently) {
        waiters++;
        patient += patiently ? 1 : 0;
    }

    /** Takes note that such a caller waits no more. */
    void released(boolean patiently) {
        waiters--;
        patient -= patiently ? 1 : 0;
    }

    boolean isAwaited() {
        return waiters > 0;
    }

    Deadline dueAt() {
        return dueAt.orLater(notBefore);
    }

    Outage.Wish wish() {
        if (askedFor) {
            return Outage.Wish.ASKED_FOR;
        }
        return patient > 0 ? Outage.Wish.WAITED_FOR : Outage.Wish.WORK;
    }

    /** Begins a try. */
    Turn begin(Outage.Pass pass) {
        tries++;
        askedFor = false;
        dueAt = Deadline.never();
        return new Turn(this, pass, asked, points, tries);
    }

    /** Ends a try that worked. */
    void worked(Turn turn) {
        brought = Math.max(brought, turn.asked());
        pointsBrought = turn.points();
        notBefore = Deadline.now();
    }

    /** Ends a try that failed, and sets the next. */
    void failed(Turn turn, Deadline next) {
        failed = turn.number();
        dueAt = dueAt.orEarlier(next);
        notBefore = next;
    }

    void hopeless(Delivery.Reason reason) {
        hopeless = reason;
    }

    Delivery.@Nullable Reason hopeless() {
        return hopeless;
    }

    long asked() {
        return asked;
    }

    long brought() {
        return brought;
    }

    long tries() {
        return tries;
    }

    long failed() {
        return failed;
    }

    // ---- by the thread that brings it

    /** The copy that knows what the target has. */
    RunCopy copy(Ends ends) {
        RunCopy made = copy;
        if (made == null) {
            made = new RunCopy(ends.spool(), ends.target(), id, fresh);
            copy = made;
        }
        return made;
    }

    /** A try to bring a run: what was asked until it began, and its number. */
    record Turn(ForwardedRun run, Outage.Pass pass, long asked, long points, long number) {}
}
