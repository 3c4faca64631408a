package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call, whether they came as a query or as JSON. */
record Arguments(ObjectNode fields) {
    boolean has(String name) {
        return fields.hasNonNull(name);
    }

    /** Returns a text, or an empty one if it was not given. */
    String text(String name) {
        return fields.path(name).asText("");
    }

    String required(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            throw Refusal.missing(name);
        }
        return value;
    }

    long number(String name, long otherwise) {
        return has(name) ? number(name, fields.get(name)) : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        return fields.path(name).asBoolean(otherwise);
    }

    /** Returns the items of a list; one value of a query is a list, too. */
    List<Arguments> items(String name) {
        List<Arguments> items = new ArrayList<>();
        for (JsonNode item : fields.path(name)) {
            if (!(item instanceof ObjectNode given)) {
                throw Refusal.invalid("Invalid value for parameter '" + name + "' supplied");
            }
            items.add(new Arguments(given));
        }
        return items;
    }

    List<String> texts(String name) {
        JsonNode value = fields.path(name);
        if (value.isTextual()) {
            return List.of(value.asText());
        }
        List<String> texts = new ArrayList<>();
        value.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /** Returns a list of keys and values; the last of one key counts. */
    Map<String, String> pairs(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Arguments pair : items(name)) {
            pairs.put(pair.text("key"), pair.text("value"));
        }
        return pairs;
    }

    /** Returns a number with which a metric may be logged; not-numbers and infinities are texts. */
    double decimal(String name) {
        JsonNode value = fields.get(name);
        try {
            return value.isNumber() ? value.doubleValue() : Double.parseDouble(value.asText());
        } catch (NumberFormatException e) {
            throw Refusal.invalid("Invalid value " + value + " for parameter '" + name + "' supplied");
        }
    }

    private static long number(String name, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        try {
            return Long.parseLong(value.asText());
        } catch (NumberFormatException e) {
            throw Refusal.invalid("Invalid value " + value + " for parameter '" + name + "' supplied");
        }
    }
}
