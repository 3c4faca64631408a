package io.mlops.core.tracker;

/** The reasons for which a tracker takes nothing more, in the words of those who meet it. */
public enum CloseReason {
    /** The program has closed it. */
    CLOSED("its Mlops was closed before it ended", "this Mlops is closed", "closed"),
    /** The JVM ends, and nobody has closed it. */
    PROGRAM_ENDING("the program was ended before it", "the program is ending", "program ending");

    private final String ofRun;
    private final String refusal;
    private final String dropped;

    CloseReason(String ofRun, String refusal, String dropped) {
        this.ofRun = ofRun;
        this.refusal = refusal;
        this.dropped = dropped;
    }

    /** The reason for which a run that had not ended counts as killed. */
    String ofRun() {
        return ofRun;
    }

    /** The beginning of a message to whoever wants more. */
    String refusal() {
        return refusal;
    }

    /** The reason under which what comes is counted as dropped. */
    String dropped() {
        return dropped;
    }
}
