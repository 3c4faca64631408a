package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mlops.api.common.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the parts of an answer; what nobody asks for is skipped without being kept. */
public final class Fields {
    private Fields() {}

    /** Takes the value of one field; one that it leaves alone is skipped. */
    @FunctionalInterface
    public interface FieldReader {
        /**
         * Reads a value or leaves it.
         *
         * @param in stands at the first token of the value
         */
        void read(String name, JsonParser in) throws IOException;
    }

    /**
     * Reads an object field by field. A field that is null is as one that is missing: it is not shown.
     *
     * @throws CorruptDataException if there is no object
     */
    public static void each(JsonParser in, FieldReader each) throws IOException {
        expect(in, JsonToken.START_OBJECT, "an object");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            JsonToken first = in.nextToken();
            if (first == JsonToken.VALUE_NULL) {
                continue;
            }
            each.read(name, in);
            // A reader that read the value stands at its end.
            if (in.currentToken() == first) {
                in.skipChildren();
            }
        }
    }

    /**
     * Reads a list.
     *
     * @throws CorruptDataException if there is none
     */
    public static <T> List<T> list(JsonParser in, AnswerReader<T> each) throws IOException {
        expect(in, JsonToken.START_ARRAY, "a list");
        List<T> items = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            items.add(each.read(in));
        }
        return items;
    }

    /** Reads a text; a number or truth value is the text that was sent. */
    public static String text(JsonParser in) throws IOException {
        if (!in.currentToken().isScalarValue()) {
            throw not(in, "a text");
        }
        return in.getText();
    }

    /** Reads a whole number, which servers also send as text. */
    public static long number(JsonParser in) throws IOException {
        try {
            return Long.parseLong(text(in));
        } catch (NumberFormatException e) {
            throw not(in, "a whole number");
        }
    }

    /** Reads a double, also one that is sent as text, such as NaN. */
    public static double real(JsonParser in) throws IOException {
        try {
            return Double.parseDouble(text(in));
        } catch (NumberFormatException e) {
            throw not(in, "a number");
        }
    }

    /** Reads true or false. */
    public static boolean flag(JsonParser in) throws IOException {
        return Boolean.parseBoolean(text(in));
    }

    /** An exception that says where in an answer something else should be. */
    public static CorruptDataException not(JsonParser in, String expected) {
        String name = in.getParsingContext().pathAsPointer().toString();
        return new CorruptDataException(
                "the server's answer has something else than " + expected + " at "
                        + (name.isEmpty() ? "its top" : ServerWords.shortened(name)),
                null);
    }

    private static void expect(JsonParser in, JsonToken token, String expected) throws IOException {
        if (in.currentToken() == null) {
            throw new UnreadableException("the answer is empty");
        }
        if (in.currentToken() != token) {
            throw not(in, expected);
        }
    }
}
