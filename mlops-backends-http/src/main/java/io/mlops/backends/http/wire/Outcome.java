package io.mlops.backends.http.wire;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of one try. */
sealed interface Outcome<T> {
    /** Nothing is to be tried again. */
    record Done<T>(Answer<T> answer) implements Outcome<T> {}

    /**
     * Another try may help.
     *
     * @param reason for messages
     * @param maybeDone whether the server may have done it all the same
     * @param mostTries of the whole call, if they fail so
     * @param after what the server asks to wait for; null if it does not say
     * @param otherwise what the caller gets after the last try; null for an exception that says that there were so many
     */
    record Failed<T>(
            String reason,
            IOException cause,
            boolean maybeDone,
            int mostTries,
            @Nullable Duration after,
            @Nullable Answer<T> otherwise)
            implements Outcome<T> {
        static final int ALWAYS = Integer.MAX_VALUE;
        /** Something that rarely helps. */
        static final int ONE_MORE = 2;
    }
}
