package io.mlops.backends.fs;

import io.mlops.api.common.CorruptDataException;
import io.mlops.core.codec.Json;
import java.util.function.Function;

/** A document may be whole and still hold what its values refuse, such as a version 0: that is damage, too. */
final class Decoded {
    private Decoded() {}

    /**
     * What a document means.
     *
     * @throws CorruptDataException if it means nothing, naming the document
     */
    static <T> T of(Json document, Function<Json, T> decode) {
        try {
            return decode.apply(document);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CorruptDataException(document.source() + " is damaged: " + e.getMessage(), e);
        }
    }
}
