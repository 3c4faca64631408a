package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** A JSON document to be sent, written anew for each call. */
@FunctionalInterface
public interface JsonBody {
    /** Writes one whole value, usually an object. */
    void writeTo(JsonGenerator out) throws IOException;

    /** An object of texts, numbers, truth values, lists and maps of these. */
    static JsonBody of(Map<String, ?> fields) {
        return out -> JsonValues.write(fields, out);
    }
}
