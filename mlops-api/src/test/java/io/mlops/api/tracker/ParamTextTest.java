package io.mlops.api.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    void theRestIsRefusedByType() {
        for (Object value : List.of(List.of(1), new int[] {1}, Optional.of(1), new Object(), Map.of())) {
            assertThatThrownBy(() -> text(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("key", value.getClass().getName());
        }
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
        assertThat(text("😀\n\u0000")).hasSize(4);
        assertThat(new RunOutcome.Failed("x", "a\ud83d").message()).isEqualTo("a?");
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
