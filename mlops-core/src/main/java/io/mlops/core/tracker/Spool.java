package io.mlops.core.tracker;

import io.mlops.api.spi.Backend;
import io.mlops.core.delivery.Forwarding;
import org.jspecify.annotations.Nullable;

/** A store on this machine from which what is recorded goes on to where it is for. Thread-safe. */
public interface Spool {
    /** The store. */
    Backend store();

    /** The way on. */
    Forwarding forwarding();

    /** The folder that it lies in, for messages. */
    String folder();

    /** Whether it has as much as it may hold. */
    boolean full();

    /** Ends what belongs to it, and lets another process go on. */
    void close();

    /** The place where a spool may be. */
    @FunctionalInterface
    interface Maker {
        /**
         * Opens the spool; warns, and returns null, if it cannot be made.
         *
         * @param source whoever is going to record into it
         * @param make whether it is made if it is not there; if not, null without a warning
         */
        @Nullable
        Spool open(Forwarding.Source source, boolean make);
    }
}
