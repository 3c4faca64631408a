package io.mlops.core.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.mlops.api.common.CorruptDataException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses and writes JSON; the only class that knows Jackson. Thread-safe. */
final class JsonText {
    /** A file is as untrusted as an answer: what is deeper or longer than any of ours is not parsed. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_TEXT = 1 << 20;
    private static final int MAX_NUMBER = 1000;

    private static final JsonFactory FACTORY = factory();

    /** Bytes of heap that a token of a document may take, by which the number of them is limited. */
    private static final int BYTES_PER_TOKEN = 128;

    private static final Pattern SOURCE = Pattern.compile("Source: [^;\\]]*; ?");

    private JsonText() {}

    /** Prints two spaces a level, line feeds on every system, no space before a colon or inside what is empty. */
    private static final class Printer extends DefaultPrettyPrinter {
        private static final long serialVersionUID = 1;

        Printer() {
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            indentObjectsWith(indenter);
            indentArraysWith(indenter);
        }

        @Override
        public DefaultPrettyPrinter createInstance() {
            return new Printer();
        }

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(": ");
        }

        @Override
        public void writeEndObject(JsonGenerator generator, int entries) throws IOException {
            end(generator, entries, '}');
        }

        @Override
        public void writeEndArray(JsonGenerator generator, int entries) throws IOException {
            end(generator, entries, ']');
        }

        private void end(JsonGenerator generator, int entries, char bracket) throws IOException {
            _nesting--;
            if (entries > 0) {
                _objectIndenter.writeIndentation(generator, _nesting);
            }
            generator.writeRaw(bracket);
        }
    }

    /** Limits that Jackson keeps itself since 2.15, before it has read a text to its end. */
    private static final class Limits {
        private Limits() {}

        static void set(JsonFactoryBuilder builder) {
            builder.streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .maxNumberLength(MAX_NUMBER)
                    .build());
        }
    }

    private static JsonFactory factory() {
        // Written one by one: a class that Jackson lacks is looked for only where it is named.
        JsonFactoryBuilder builder = new JsonFactoryBuilder();
        // Buffers kept in a ThreadLocal would outlive a redeployed application.
        builder.disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING);
        // Names are the keys of users here, thousands in one document, and the JVM's own table is no place for them.
        builder.disable(JsonFactory.Feature.INTERN_FIELD_NAMES);
        builder.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
        builder.disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
        try {
            Limits.set(builder);
        } catch (NoClassDefFoundError older) {
            // The checks of this class do: a document is never longer than what its reader lets in.
        }
        return builder.build();
    }

    /** Refuses a long document of so many values that they would fill the heap, since each takes more than its text. */
    private static void checkFits(byte[] utf8, String source) throws IOException {
        long most = Runtime.getRuntime().maxMemory() / BYTES_PER_TOKEN;
        if (utf8.length <= most) {
            return;
        }
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            for (long tokens = 0; parser.nextToken() != null; tokens++) {
                if (tokens > most) {
                    throw new CorruptDataException(source + " holds too many values for this heap", null);
                }
            }
        }
    }

    static Json parse(byte[] utf8, String source) {
        try {
            checkFits(utf8, source);
            return parseFitting(utf8, source);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new CorruptDataException(source + " is damaged" + where + ": " + plain(e.getOriginalMessage()), null);
        } catch (IOException e) {
            throw new CorruptDataException(source + " is damaged: " + plain(e.getMessage()), null);
        }
    }

    private static Json parseFitting(byte[] utf8, String source) throws IOException {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new CorruptDataException(source + " is damaged: it holds no JSON object", null);
            }
            Json root = object(parser, source, 1);
            if (parser.nextToken() != null) {
                throw new CorruptDataException(source + " is damaged: something follows its JSON object", null);
            }
            return root;
        }
    }

    /** Cuts the parser's own words on where the text came from, which tell a reader nothing. */
    private static String plain(@Nullable String message) {
        return message == null ? "no JSON" : SOURCE.matcher(message).replaceAll("");
    }

    static byte[] write(Object document, boolean indented) {
        // Through characters, since the generator for bytes escapes what lies beyond the first plane.
        StringWriter out = new StringWriter(1024);
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            if (indented) {
                generator.setPrettyPrinter(new Printer());
            }
            write(document, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        if (indented) {
            out.write('\n');
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Json object(JsonParser parser, String source, int depth) throws IOException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (JsonToken token = parser.nextToken(); token == JsonToken.FIELD_NAME; token = parser.nextToken()) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser, source, depth));
        }
        return new Json(source, fields);
    }

    private static @Nullable Object value(JsonParser parser, String source, int depth) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, source, deeper(depth, source));
            case START_ARRAY -> array(parser, source, deeper(depth, source));
            case VALUE_STRING -> text(parser, source, MAX_TEXT);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.NumberText(text(parser, source, MAX_NUMBER));
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static List<@Nullable Object> array(JsonParser parser, String source, int depth) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, source, depth));
        }
        return items;
    }

    private static int deeper(int depth, String source) {
        if (depth == MAX_DEPTH) {
            throw new CorruptDataException(source + " is damaged: it is nested deeper than " + MAX_DEPTH, null);
        }
        return depth + 1;
    }

    private static String text(JsonParser parser, String source, int longest) throws IOException {
        String text = parser.getText();
        if (text.length() > longest) {
            throw new CorruptDataException(
                    source + " is damaged: it holds a value of " + text.length() + " characters", null);
        }
        return text;
    }

    private static void write(@Nullable Object value, JsonGenerator generator) throws IOException {
        if (value instanceof Json object) {
            generator.writeStartObject();
            for (Map.Entry<String, @Nullable Object> field : object.fields().entrySet()) {
                generator.writeFieldName(field.getKey());
                write(field.getValue(), generator);
            }
            generator.writeEndObject();
        } else if (value instanceof List<?> items) {
            generator.writeStartArray();
            for (Object item : items) {
                write(item, generator);
            }
            generator.writeEndArray();
        } else if (value instanceof Json.NumberText number) {
            generator.writeNumber(number.text());
        } else if (value instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else if (value instanceof String text) {
            generator.writeString(text);
        } else {
            generator.writeNull();
        }
    }
}
