package io.mlops.core.tracker;

import io.mlops.api.common.Delivery;

/** The reasons for which a tracker takes nothing more, in the words of those who meet it. */
public enum CloseReason {
    /** The program has closed it. */
    CLOSED("its Mlops was closed before it ended", "this Mlops is closed", Delivery.Reason.CLOSED),
    /** The JVM ends, and nobody has closed it. */
    PROGRAM_ENDING("the program was ended before it", "the program is ending", Delivery.Reason.PROGRAM_ENDING);

    private final String ofRun;
    private final String refusal;
    private final Delivery.Reason dropped;

    CloseReason(String ofRun, String refusal, Delivery.Reason dropped) {
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
        return dropped.toString();
    }
}
