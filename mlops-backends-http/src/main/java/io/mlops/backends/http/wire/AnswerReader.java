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

    /** Skips the answer: that there is one says all. An empty one is none, since whoever answers for a server may say nothing. */
    static AnswerReader<Boolean> ignoring() {
        return in -> {
            if (in.currentToken() == null) {
                throw new UnreadableException("the answer is empty");
            }
            in.skipChildren();
            return true;
        };
    }

    /** Skips the answer of a server that may say nothing when it has done what it was asked. */
    static AnswerReader<Boolean> ifAny() {
        return in -> {
            in.skipChildren();
            return true;
        };
    }
}
