package io.mlops.api.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values of params as text. */
final class ParamTextTest {
    private enum Kind {
        DEEP {
            @Override
            public String toString() {
                return "not this";
            }
        }
    }

    private record Inner(double rate, @Nullable String note) {}

    private record Outer(int trees, Inner inner) {}

    record Failing(int x) {
        @Override
        public int x() {
            throw new IllegalStateException("mine");
        }
    }

    private static String text(Object value) {
        return ((RunFact.ParamSet) RunFact.param("key", value)).value();
    }

    @Test
    void valuesWithAPlainFormAreTaken() {
        assertThat(text(0.1)).isEqualTo("0.1");
        assertThat(text(200)).isEqualTo("200");
        assertThat(text(new BigDecimal("1.10"))).isEqualTo("1.10");
        assertThat(text(true)).isEqualTo("true");
        assertThat(text('x')).isEqualTo("x");
        assertThat(text(CharBuffer.wrap("text"))).isEqualTo("text");
        assertThat(text(Kind.DEEP)).isEqualTo("DEEP");
        assertThat(text(Duration.ofSeconds(90))).isEqualTo("PT1M30S");
        assertThat(text(LocalDate.of(2026, 11, 21))).isEqualTo("2026-11-21");
        assertThat(text(Path.of("a", "b.csv"))).isEqualTo(Path.of("a", "b.csv").toString());
    }

    @Test
    void whatHasOneObviousTextIsTaken() throws MalformedURLException {
        assertThat(text(UUID.fromString("123e4567-e89b-12d3-a456-426614174000")))
                .isEqualTo("123e4567-e89b-12d3-a456-426614174000");
        assertThat(text(URI.create("https://host/rows.csv"))).isEqualTo("https://host/rows.csv");
        assertThat(text(new URL("https://host/rows.csv"))).isEqualTo("https://host/rows.csv");
        assertThat(text(String.class)).isEqualTo("java.lang.String");
        assertThat(text(Locale.GERMANY)).isEqualTo("de-DE");
        assertThat(text(ZoneId.of("Europe/Paris"))).isEqualTo("Europe/Paris");
        assertThat(text(StandardCharsets.UTF_8)).isEqualTo("UTF-8");
        assertThat(text(Currency.getInstance("EUR"))).isEqualTo("EUR");
        assertThat(text(Optional.of(0.1))).isEqualTo("0.1");
        assertThat(text(Optional.empty())).isEqualTo("null");
        assertThat(text(OptionalInt.of(3))).isEqualTo("3");
        assertThat(text(OptionalLong.of(4))).isEqualTo("4");
        assertThat(text(OptionalDouble.empty())).isEqualTo("null");
        assertThat(text(Optional.of(List.of(1)))).isEqualTo("[1]");
    }

    @Test
    void addressesComeWithoutSecrets() {
        assertThat(text(URI.create("jdbc:postgresql://kim:s3cret@host/db"))).doesNotContain("s3cret", "kim");
        assertThat(text(List.of(URI.create("s3://key:s3cret@bucket/rows")))).isEqualTo("[\"s3://bucket/rows\"]");
    }

    @Test
    void listsAndArraysAreJson() {
        assertThat(text(List.of())).isEqualTo("[]");
        assertThat(text(new int[] {128, 64})).isEqualTo("[128, 64]");
        assertThat(text(new String[][] {{"a"}, {}})).isEqualTo("[[\"a\"], []]");
        assertThat(text(Arrays.asList(
                        1.5, new BigDecimal("1E+3"), Double.NaN, true, null, 'c', Kind.DEEP, Optional.of(2))))
                .isEqualTo("[1.5, 1E+3, \"NaN\", true, null, \"c\", \"DEEP\", 2]");
        assertThat(text(List.of("say \"hi\"\\\n", Duration.ofSeconds(1))))
                .isEqualTo("[\"say \\\"hi\\\"\\\\\\u000a\", \"PT1S\"]");
    }

    @Test
    void listsThatAreTooLongOrTooDeepAreRefused() {
        List<Object> self = new ArrayList<>();
        self.add(self);
        assertThatThrownBy(() -> text(self))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("key", "32 lists deep");
        assertThatThrownBy(() -> text(Collections.nCopies(Integer.MAX_VALUE, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("key", "6000", "artifact");
        assertThat(text(Collections.nCopies(2000, 7))).hasSize(6000);
        assertThatThrownBy(() -> text(Collections.nCopies(2001, 7))).hasMessageContaining("artifact");
    }

    @Test
    void theRestIsRefusedByTypeAndTellsWhatToPass() {
        Map<Object, String> instead = Map.of(
                new Object(),
                "pass text",
                Map.of("a", 1),
                "params(…)",
                new Inner(1, null),
                "params(…)",
                Set.of(1),
                "pass a list");
        instead.forEach((value, advice) -> {
            assertThatThrownBy(() -> text(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("key", value.getClass().getName(), advice);
            assertThatThrownBy(() -> text(List.of(value)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("key", "holds", value.getClass().getName(), ": pass ")
                    .message()
                    .as("nothing within a list has a key of its own")
                    .doesNotContain("params(…)");
        });
    }

    @Test
    void aMapIsItsEntriesAndNullIsTheTextNull() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("trees", 200);
        values.put("note", null);
        values.put("inner", new Inner(0.1, null));
        values.put("limits", Map.of("depth", Optional.of(7)));

        assertThat(RunFact.params(values))
                .containsExactly(
                        new RunFact.ParamSet("trees", "200"),
                        new RunFact.ParamSet("note", "null"),
                        new RunFact.ParamSet("inner.rate", "0.1"),
                        new RunFact.ParamSet("inner.note", "null"),
                        new RunFact.ParamSet("limits.depth", "7"));
    }

    @Test
    void aMapThatHoldsItselfIsRefused() {
        Map<String, Object> self = new HashMap<>();
        self.put("x", self);

        assertThatThrownBy(() -> RunFact.params(self))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32");
    }

    @Test
    void aRecordIsItsComponents() {
        assertThat(RunFact.params(new Outer(200, new Inner(0.1, null))))
                .containsExactly(
                        new RunFact.ParamSet("trees", "200"),
                        new RunFact.ParamSet("inner.rate", "0.1"),
                        new RunFact.ParamSet("inner.note", "null"));
    }

    record Mirror(@Nullable Mirror inner) {
        @Override
        public Mirror inner() {
            return this;
        }
    }

    record Node(@Nullable Node next) {}

    @Test
    void recordsThatAreNestedTooDeepAreRefused() {
        Node node = new Node(null);
        for (int i = 0; i < 20_000; i++) {
            node = new Node(node);
        }
        Node deep = node;

        for (Record values : List.of(deep, new Mirror(null))) {
            assertThatThrownBy(() -> RunFact.params(values))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(values.getClass().getName(), "32 records deep");
        }
        assertThat(RunFact.params(new Node(new Node(null)))).containsExactly(new RunFact.ParamSet("next.next", "null"));
    }

    @Test
    void aRecordThatCannotBeReadSaysWhich() {
        assertThatThrownBy(() -> RunFact.params(new Failing(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x")
                .hasRootCauseMessage("mine");
    }

    @Test
    void halfASurrogatePairIsNoText() {
        assertThatThrownBy(() -> RunFact.param("key", "a\ud83d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("key", "surrogate");
        assertThat(text("😀\n\u0001")).hasSize(4);
        assertThat(new RunOutcome.Failed("x", "a\ud83d").message()).isEqualTo("a?");
    }

    @Test
    void nulIsNoText() {
        assertThatThrownBy(() -> RunFact.param("key", "a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("param 'key'", "NUL at 1");
        assertThat(new RunOutcome.Failed("x", "a\0b").message()).isEqualTo("a?b");
    }

    @Test
    void anOutcomeKeepsWhatCanBeRead() {
        RuntimeException hostile = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("no");
            }
        };

        assertThat(RunOutcome.Failed.because(hostile).message()).contains("could not be read");
        assertThat(RunOutcome.Failed.because(new IllegalStateException("x".repeat(10_000)))
                        .message())
                .hasSize(8000);
        assertThat(RunOutcome.Failed.because(new IllegalStateException()).message())
                .isEmpty();
    }
}
