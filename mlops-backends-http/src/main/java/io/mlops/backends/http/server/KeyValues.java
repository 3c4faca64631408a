package io.mlops.backends.http.server;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.backends.http.wire.Fields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lists of keys and values as which MLflow sends params and tags. Not for instances. */
public final class KeyValues {
    private KeyValues() {}

    /** Reads a list of objects with a key and a value; one without a value has an empty one. */
    public static Map<String, String> read(JsonParser in) throws IOException {
        Map<String, String> values = new HashMap<>();
        List<String> unused = Fields.list(in, entry -> {
            String[] keyAndValue = {"", ""};
            Fields.each(entry, (name, field) -> {
                if (name.equals("key")) {
                    keyAndValue[0] = Fields.text(field);
                } else if (name.equals("value")) {
                    keyAndValue[1] = Fields.text(field);
                }
            });
            values.put(keyAndValue[0], keyAndValue[1]);
            return keyAndValue[0];
        });
        return values;
    }

    /** The list that a request has for these, in the order of the map. */
    public static List<Map<String, String>> list(Map<String, String> values) {
        List<Map<String, String>> list = new ArrayList<>(values.size());
        values.forEach((key, value) -> {
            Map<String, String> entry = new LinkedHashMap<>();
            entry.put("key", key);
            entry.put("value", value);
            list.add(entry);
        });
        return list;
    }
}
