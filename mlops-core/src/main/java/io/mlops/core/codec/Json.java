package io.mlops.core.codec;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Times;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose fields keep their order, whose numbers keep their text, and whose unknown fields stay. Reading a
 * field that is missing or of another kind is a {@link CorruptDataException} that names document and field. Not
 * thread-safe.
 */
public final class Json {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    /** A number as it was written. */
    record NumberText(String text) {}

    private final String source;
    private final Map<String, @Nullable Object> fields;

    Json(String source, Map<String, @Nullable Object> fields) {
        this.source = source;
        this.fields = fields;
    }

    /** An empty object. */
    public static Json object() {
        return new Json("new document", new LinkedHashMap<>());
    }

    /**
     * Reads one object.
     *
     * @param source what to call it in messages, such as its path
     * @throws CorruptDataException if it is not one whole JSON object, or names a field twice
     */
    public static Json parse(byte[] utf8, String source) {
        return JsonText.parse(utf8, source);
    }

    /** The document as UTF-8, indented, ending in a line feed. */
    public byte[] bytes() {
        return JsonText.write(this, true);
    }

    /** The document on one line, as other formats embed it. */
    public String line() {
        return new String(JsonText.write(this, false), StandardCharsets.UTF_8);
    }

    /** Writes a list of documents on one line, as other formats embed them. */
    public static String compact(List<Json> documents) {
        return new String(JsonText.write(documents, false), StandardCharsets.UTF_8);
    }

    /** The name of the document in messages. */
    public String source() {
        return source;
    }

    /** The names of the fields, in order. */
    public Set<String> names() {
        return fields.keySet();
    }

    /** Whether a field is there and not null. */
    public boolean has(String name) {
        return fields.get(name) != null;
    }

    /**
     * Checks that fields are there which are always written, even if only as null.
     *
     * @throws CorruptDataException if one is missing
     */
    public Json requiring(String... names) {
        for (String name : names) {
            if (!fields.containsKey(name)) {
                throw corrupt(name, "there", null);
            }
        }
        return this;
    }

    /** Reads a text. */
    public String text(String name) {
        return value(name, String.class, "text");
    }

    /**
     * Reads a text that has a form of its own.
     *
     * @param expected what it must be, for the message
     * @param parser refuses what is not by IllegalArgumentException
     */
    public <T> T parsed(String name, String expected, Function<String, T> parser) {
        String text = text(name);
        return made(name, expected, () -> parser.apply(text));
    }

    /** Reads a text that has a form of its own, or null if the field is missing or null. */
    public <T> @Nullable T parsedOrNull(String name, String expected, Function<String, T> parser) {
        return has(name) ? parsed(name, expected, parser) : null;
    }

    /**
     * Makes something of a field; if the maker refuses by IllegalArgumentException, the field is not what it must be.
     */
    public <T> T made(String name, String expected, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw corrupt(name, expected, e);
        }
    }

    /** Reads a text, or null if the field is missing or null. */
    public @Nullable String textOrNull(String name) {
        return has(name) ? text(name) : null;
    }

    /** Reads a whole number. */
    public long number(String name) {
        String text = value(name, NumberText.class, "a number").text();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw corrupt(name, "a whole number", e);
        }
    }

    /** Reads a count or size, which is never negative. */
    public long size(String name) {
        long size = number(name);
        if (size < 0) {
            throw corrupt(name, "0 or more", null);
        }
        return size;
    }

    /** Reads the number of a version, which begins at 1. */
    public int version(String name) {
        long number = number(name);
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw corrupt(name, "the number of a version", null);
        }
        return (int) number;
    }

    /** Reads the number of a version, or null if the field is missing or null. */
    public @Nullable Integer versionOrNull(String name) {
        return has(name) ? (Integer) version(name) : null;
    }

    /** Reads a double; NaN and the infinities are the texts {@code NaN}, {@code Infinity}, {@code -Infinity}. */
    public double real(String name) {
        Object value = fields.get(name);
        try {
            if (value instanceof NumberText number) {
                return Double.parseDouble(number.text());
            }
            if (value instanceof String text && !Double.isFinite(Double.parseDouble(text))) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            throw corrupt(name, "a number", e);
        }
        throw corrupt(name, "a number", null);
    }

    /** Reads true or false. */
    public boolean flag(String name) {
        return value(name, Boolean.class, "true or false");
    }

    /** Reads a point in time. */
    public Instant time(String name) {
        try {
            return Instant.ofEpochMilli(Instant.parse(text(name)).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw corrupt(name, "a time such as 2026-11-21T09:30:15.000Z", e);
        }
    }

    /** Reads a point in time, or null if the field is missing or null. */
    public @Nullable Instant timeOrNull(String name) {
        return has(name) ? time(name) : null;
    }

    /** Reads an object. */
    public Json child(String name) {
        return value(name, Json.class, "an object");
    }

    /** Reads an object, or puts a new one there if the field is missing or null. */
    public Json childOrNew(String name) {
        if (!has(name)) {
            fields.put(name, new Json(source, new LinkedHashMap<>()));
        }
        return child(name);
    }

    /** Reads a list of objects; none if the field is missing. */
    public List<Json> children(String name) {
        return list(name, Json.class, "a list of objects");
    }

    /** Reads a list of texts; none if the field is missing. */
    public List<String> texts(String name) {
        return list(name, String.class, "a list of texts");
    }

    /** Reads a list of whole numbers; none if the field is missing. */
    public List<Long> numbers(String name) {
        try {
            return list(name, NumberText.class, "a list of whole numbers").stream()
                    .map(number -> Long.parseLong(number.text()))
                    .toList();
        } catch (NumberFormatException e) {
            throw corrupt(name, "a list of whole numbers", e);
        }
    }

    /** Reads the fields of an object that hold text; none if it is missing. */
    public Map<String, String> textMap(String name) {
        Map<String, String> texts = new TreeMap<>();
        if (has(name)) {
            child(name).fields.forEach((key, value) -> {
                if (value instanceof String text) {
                    texts.put(key, text);
                }
            });
        }
        return texts;
    }

    /** Sets text; null is written as null. */
    public Json put(String name, @Nullable String text) {
        fields.put(name, text);
        return this;
    }

    /** Sets a whole number. */
    public Json put(String name, long number) {
        fields.put(name, new NumberText(Long.toString(number)));
        return this;
    }

    /** Sets a double, by the shortest text that gives it back. */
    public Json put(String name, double real) {
        String text = Double.toString(real);
        fields.put(name, Double.isFinite(real) ? new NumberText(text) : text);
        return this;
    }

    /** Sets true or false. */
    public Json put(String name, boolean flag) {
        fields.put(name, flag);
        return this;
    }

    /** Sets a time, to the millisecond, in UTC; null is written as null. */
    public Json put(String name, @Nullable Instant time) {
        fields.put(name, time == null ? null : TIME.format(inReach(time)));
        return this;
    }

    /** Sets an object. */
    public Json put(String name, Json child) {
        fields.put(name, child);
        return this;
    }

    /** Sets a list of texts or objects. */
    public Json put(String name, List<?> items) {
        fields.put(name, new ArrayList<>(items));
        return this;
    }

    /** Sets a list of whole numbers. */
    public Json putNumbers(String name, List<Long> numbers) {
        return put(
                name,
                numbers.stream()
                        .map(number -> new NumberText(Long.toString(number)))
                        .toList());
    }

    /** Replaces all texts of an object by these; what else it holds stays. */
    public Json putTextMap(String name, Map<String, String> texts) {
        Json child = childOrNew(name);
        child.fields
                .entrySet()
                .removeIf(entry -> entry.getValue() instanceof String && !texts.containsKey(entry.getKey()));
        child.fields.putAll(texts);
        return this;
    }

    /** Sets every field of another object. */
    public Json putAll(Json other) {
        fields.putAll(other.fields);
        return this;
    }

    /** Takes a field away. */
    public Json remove(String name) {
        fields.remove(name);
        return this;
    }

    Map<String, @Nullable Object> fields() {
        return fields;
    }

    /** An exception that says that a field is not what it must be. */
    public CorruptDataException corrupt(String name, String expected, @Nullable Throwable cause) {
        Object value = fields.get(name);
        return new CorruptDataException(
                source + ": field '" + name + "' must be " + expected + (value == null ? " and is missing" : ""),
                cause);
    }

    /** The time itself, or the nearest one that every store keeps if milliseconds in a long cannot tell it. */
    private static Instant inReach(Instant time) {
        try {
            return Instant.ofEpochMilli(time.toEpochMilli());
        } catch (ArithmeticException beyond) {
            return Times.storable(time);
        }
    }

    private <T> T value(String name, Class<T> type, String expected) {
        Object value = fields.get(name);
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw corrupt(name, expected, null);
    }

    private <T> List<T> list(String name, Class<T> type, String expected) {
        if (!has(name)) {
            return List.of();
        }
        List<T> items = new ArrayList<>();
        for (Object item : value(name, List.class, expected)) {
            if (!type.isInstance(item)) {
                throw corrupt(name, expected, null);
            }
            items.add(type.cast(item));
        }
        return items;
    }
}
