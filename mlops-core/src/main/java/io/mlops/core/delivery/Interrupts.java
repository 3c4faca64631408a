package io.mlops.core.delivery;

/** The effect of an interrupt on a wait. The thread is still interrupted after the wait in either case. */
public enum Interrupts {
    /** The wait goes on, since what it is for must not be left half done. */
    PUT_OFF,
    /** The wait ends, as if its time were up. */
    END_THE_WAIT
}
