package io.mlops.api.tracker;

import io.mlops.api.common.Limits;
import java.lang.reflect.Array;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes lists and arrays of values as JSON, with a blank after each comma as Python does. */
final class ListText {
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String key;
    private final StringBuilder text = new StringBuilder();

    private ListText(String key) {
        this.key = key;
    }

    static boolean isList(Object value) {
        return value instanceof List<?> || value.getClass().isArray();
    }

    /** The text of a list or array; numbers without a form in JSON, such as NaN, are text there. */
    static String of(String key, Object list) {
        ListText written = new ListText(key);
        written.list(list, 1);
        return written.text.toString();
    }

    private void list(Object list, int depth) {
        if (depth > Limits.RECORD_DEPTH) {
            throw new IllegalArgumentException("param '" + key + "' is nested more than " + Limits.RECORD_DEPTH
                    + " lists deep: store it as an artifact");
        }
        text.append('[');
        String comma = "";
        if (list instanceof List<?> items) {
            for (Object item : items) {
                text.append(comma);
                item(item, depth);
                comma = ", ";
            }
        } else {
            for (int i = 0; i < Array.getLength(list); i++) {
                text.append(comma);
                item(Array.get(list, i), depth);
                comma = ", ";
            }
        }
        text.append(']');
    }

    private void item(@Nullable Object item, int depth) {
        if (text.length() > Limits.PARAM_VALUE) {
            throw new IllegalArgumentException("the value of param '" + key + "' has more than " + Limits.PARAM_VALUE
                    + " characters: store it as an artifact");
        }
        Object value = ParamText.withoutOptional(item);
        if (value == null || value instanceof Boolean) {
            text.append(value);
        } else if (isList(value)) {
            list(value, depth + 1);
        } else {
            String plain = ParamText.plain(value);
            if (plain == null) {
                throw ParamText.refusedIn(key, value);
            }
            if (value instanceof Number && JSON_NUMBER.matcher(plain).matches()) {
                text.append(plain);
            } else {
                quote(plain);
            }
        }
    }

    private void quote(String plain) {
        text.append('"');
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
