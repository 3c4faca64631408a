package io.mlops.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that forget nothing and hide nothing. */
final class JsonTest {
    private static Json parse(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8), "run.json");
    }

    private static String written(Json json) {
        return new String(json.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsReadIsWrittenAsItWas() {
        String text = """
                {
                  "b": [
                    1.10,
                    1e400,
                    18446744073709551616,
                    -0.0,
                    true,
                    null,
                    []
                  ],
                  "a": {
                    "größe 😀": "line\\nbreak \\u0001",
                    "empty": {}
                  }
                }
                """;

        assertThat(written(parse(text))).isEqualTo(text);
    }

    @Test
    void fieldsAreReadByKind() {
        Json json = parse("{\"t\": \"x\", \"n\": 7, \"r\": 0.1, \"f\": true, \"at\": \"2026-11-21T12:00:00.123Z\","
                + " \"nan\": \"NaN\", \"inf\": \"-Infinity\", \"none\": null, \"list\": [\"a\", \"b\"], \"numbers\": [1, -1],"
                + " \"o\": {\"k\": \"v\", \"odd\": 1}}");

        assertThat(json.text("t")).isEqualTo("x");
        assertThat(json.number("n")).isEqualTo(7);
        assertThat(json.real("r")).isEqualTo(0.1);
        assertThat(json.real("n")).isEqualTo(7);
        assertThat(json.real("nan")).isNaN();
        assertThat(json.real("inf")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(json.flag("f")).isTrue();
        assertThat(json.time("at")).isEqualTo(Instant.parse("2026-11-21T12:00:00.123Z"));
        assertThat(json.textOrNull("none")).isNull();
        assertThat(json.timeOrNull("missing")).isNull();
        assertThat(json.texts("list")).containsExactly("a", "b");
        assertThat(json.numbers("numbers")).containsExactly(1L, -1L);
        assertThat(json.textMap("o")).isEqualTo(Map.of("k", "v"));
        assertThat(json.texts("missing")).isEmpty();
    }

    @Test
    void aFieldOfAnotherKindIsNamed() {
        Json json = parse(
                "{\"t\": 7, \"n\": \"x\", \"half\": 0.5, \"at\": \"yesterday\", \"list\": [1], \"real\": \"0.1\"}");

        assertThatThrownBy(() -> json.text("t"))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("run.json", "'t'", "text");
        assertThatThrownBy(() -> json.text("missing")).hasMessageContaining("is missing");
        assertThatThrownBy(() -> json.number("n")).hasMessageContaining("a number");
        assertThatThrownBy(() -> json.number("half")).hasMessageContaining("a whole number");
        assertThatThrownBy(() -> json.time("at")).hasMessageContaining("a time");
        assertThatThrownBy(() -> json.texts("list")).hasMessageContaining("a list of texts");
        assertThatThrownBy(() -> json.real("real")).hasMessageContaining("a number");
        assertThatThrownBy(() -> json.child("n")).hasMessageContaining("an object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"a\": 1} x",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": NaN}",
                "{'a': 1}",
                "{\"a\": 01}",
                "null",
                "{\"a\": \"\\ud83d\"",
                "{\"a\": tru}"
            })
    void whatIsNoObjectIsDamaged(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("run.json");
    }

    @Test
    void hostileDocumentsAreRefusedBeforeTheyFillTheMemory() {
        assertThatThrownBy(() -> parse("{\"a\":".repeat(100_000))).isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> parse("{\"a\": " + "1".repeat(100_000) + "}"))
                .isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> parse("{\"a\": \"" + "x".repeat(2_000_000) + "\"}"))
                .isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> Json.parse(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, "run.json"))
                .isInstanceOf(CorruptDataException.class);
    }

    @Test
    void timesAreWrittenToTheMillisecond() {
        assertThat(written(Json.object().put("at", Instant.parse("2026-11-21T12:00:00Z"))))
                .contains("\"2026-11-21T12:00:00.000Z\"");
        for (long millis : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            Instant at = Instant.ofEpochMilli(millis);
            assertThat(parse(written(Json.object().put("at", at))).time("at")).isEqualTo(at);
        }
    }

    @Test
    void doublesComeBackToTheBit() {
        for (double value :
                new double[] {0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, 1e22
                }) {
            double back = parse(written(Json.object().put("v", value))).real("v");
            assertThat(Double.doubleToLongBits(back)).isEqualTo(Double.doubleToLongBits(value));
        }
    }

    @Test
    void aTextMapKeepsWhatIsNoText() {
        Json json = parse("{\"tags\": {\"a\": \"1\", \"b\": \"2\", \"odd\": {\"x\": 1}}}");

        json.putTextMap("tags", Map.of("a", "3", "c", "4"));

        assertThat(json.textMap("tags")).isEqualTo(Map.of("a", "3", "c", "4"));
        assertThat(json.child("tags").has("odd")).isTrue();
    }

    @Test
    void aListOnOneLineIsWhatOtherFormatsEmbed() {
        assertThat(Json.compact(List.of(Json.object().put("a", "b").put("n", 1L))))
                .isEqualTo("[{\"a\":\"b\",\"n\":1}]");
    }
}
