package io.mlops.backends.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests texts that are kept in several tags. */
final class LongTagTest {
    @Test
    void aShortTextIsOneTag() {
        assertThat(LongTag.write("k", "{}")).isEqualTo(Map.of("k", "{}"));
        assertThat(LongTag.read("k", Map.of("k", "{}"))).isEqualTo("{}");
        assertThat(LongTag.read("k", Map.of("other", "{}"))).isNull();
    }

    @Test
    void aLongTextComesBackWholeThoughNoTagIsLong() {
        for (int length : new int[] {4499, 4500, 4501, 9000, 100_001}) {
            String text = "{" + "😀x".repeat(length / 3) + "}";

            Map<String, String> tags = LongTag.write("k", text);

            assertThat(tags.values()).allSatisfy(value -> {
                assertThat(value).hasSizeLessThan(5000);
                assertThat(Character.isLowSurrogate(value.charAt(0))).isFalse();
            });
            assertThat(LongTag.read("k", tags)).isEqualTo(text);
        }
    }

    @Test
    void aTextWithAMissingPieceIsNone() {
        Map<String, String> tags = new HashMap<>(LongTag.write("k", "{" + "x".repeat(10_000) + "}"));
        tags.remove("k.2");

        assertThat(LongTag.read("k", tags)).isNull();
    }

    @Test
    void piecesOfALongerTextBeforeAreLeftAside() {
        Map<String, String> tags = new HashMap<>(LongTag.write("k", "{" + "x".repeat(20_000) + "}"));
        tags.putAll(LongTag.write("k", "{" + "y".repeat(6_000) + "}"));

        assertThat(LongTag.read("k", tags)).isEqualTo("{" + "y".repeat(6_000) + "}");
    }

    @Test
    void whatOthersWroteThereIsNoText() {
        assertThat(LongTag.read("k", Map.of("k", "7"))).isNull();
        assertThat(LongTag.read("k", Map.of("k", "99999999999|x"))).isNull();
        assertThat(LongTag.read("k", Map.of("k", "1|x"))).isNull();
    }
}
