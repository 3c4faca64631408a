package io.mlops.core.sync;

import java.util.List;

/** A caller waits for what was asked of a run by then; only a try after the first so many tells it something. */
record Wait(ForwardedRun run, long asked, long tries) {
    /** What became of all that a caller waits for. */
    enum Answer {
        NONE,
        FAILED,
        BROUGHT
    }

    /**
     * The answer to a caller, under the guard of the forwarder: one run that failed is no reason not to wait for the others.
     *
     * @param patient whether it waits for as many tries as it takes, and asks the account what was lost
     * @param givesUp whether no run will be tried while it waits
     */
    static Answer answer(List<Wait> waits, boolean patient, boolean givesUp) {
        boolean failed = false;
        boolean waiting = false;
        for (Wait wait : waits) {
            ForwardedRun run = wait.run();
            if (run.hopeless() != null) {
                failed |= !patient;
            } else if (run.brought() < wait.asked()) {
                boolean inVain = givesUp || (!patient && run.failed() > wait.tries());
                failed |= inVain;
                waiting |= !inVain;
            }
        }
        if (waiting) {
            return Answer.NONE;
        }
        return failed ? Answer.FAILED : Answer.BROUGHT;
    }
}
