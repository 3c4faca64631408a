package io.mlops.backends.http.artifact;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Fields;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * An address of the store behind a server, which the server signed for one request: whoever has it may make the request.
 *
 * @param headers that the request must have, as the signature covers them
 */
record SignedAddress(String url, Map<String, String> headers) {
    /** Reads one whose address stands in this field. */
    static AnswerReader<SignedAddress> in(String field) {
        return in -> {
            String[] url = {""};
            Map<String, String> headers = new TreeMap<>();
            Fields.each(in, (name, value) -> {
                if (name.equals(field)) {
                    url[0] = Fields.text(value);
                } else if (name.equals("headers")) {
                    headers(value, headers);
                }
            });
            if (url[0].isEmpty()) {
                throw Fields.not(in, "an address in " + field);
            }
            return new SignedAddress(url[0], headers);
        };
    }

    /** Reads the headers of an address. */
    static void headers(JsonParser in, Map<String, String> headers) throws IOException {
        Fields.each(in, (name, value) -> headers.put(name, Fields.text(value)));
    }

    /** Nothing of it, since it is a secret. */
    @Override
    public String toString() {
        return "a signed address";
    }
}
