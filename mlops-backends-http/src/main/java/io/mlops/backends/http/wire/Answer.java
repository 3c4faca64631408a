package io.mlops.backends.http.wire;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import java.io.IOException;

/** What came of a call that got as far as the server. */
public sealed interface Answer<T> {
    /** The server did it. */
    record Value<T>(T value) implements Answer<T> {}

    /**
     * The server said no.
     *
     * @param code the server's own word, such as RESOURCE_DOES_NOT_EXIST; empty if it has none
     * @param message the server's own text, shortened
     * @param exception what the caller gets unless somebody knows better
     */
    record Refused<T>(int status, String code, String message, MlopsException exception) implements Answer<T> {}

    /** Nobody knows whether the server did it, and asking again might do it twice. */
    record Unknown<T>(IOException cause, BackendUnavailableException exception) implements Answer<T> {}

    /**
     * Returns the value.
     *
     * @throws MlopsException that fits the refusal; of an unknown outcome one that says that it may have been done
     */
    default T orThrow() {
        if (this instanceof Value<T> done) {
            return done.value();
        }
        if (this instanceof Refused<T> refused) {
            throw refused.exception();
        }
        if (this instanceof Unknown<T> unknown) {
            throw unknown.exception();
        }
        throw new IllegalStateException("no answer is a " + getClass());
    }

    /** Whether the server said no with this code. */
    default boolean is(String code) {
        return this instanceof Refused<T> refused && refused.code().equals(code);
    }

    /** Whether the server said no with this status. */
    default boolean hasStatus(int status) {
        return this instanceof Refused<T> refused && refused.status() == status;
    }
}
