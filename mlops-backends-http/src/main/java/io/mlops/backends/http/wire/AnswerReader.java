package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.common.CorruptDataException;
import java.io.IOException;

/**
 * Reads an answer while it arrives. It may be called again with another answer if the first one broke off, so that it
 * keeps nothing outside of its result.
 */
@FunctionalInterface
public interface AnswerReader<T> {
    /**
     * Reads one value; see {@link Fields}.
     *
     * @param in stands at the first token of the value, and at its last one afterwards; at none if the answer is empty
     * @throws CorruptDataException if the value is whole and not what it must be
     */
    T read(JsonParser in) throws IOException;

    /** Skips the answer, empty or not: that there is one says all. */
    static AnswerReader<Boolean> ignoring() {
        return in -> {
            in.skipChildren();
            return true;
        };
    }
}
