package io.mlops.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearNamesTest {
    @Test
    void fewNamesAreAllTold() {
        assertThat(NearNames.hint("chrun", List.of("churn"))).isEqualTo(", only churn");
        assertThat(NearNames.hint("x", List.of("fraud", "churn"))).isEqualTo(", only churn, fraud");
    }

    @Test
    void anEmptyStoreSaysSo() {
        assertThat(NearNames.hint("churn", List.of())).isEqualTo(", and no other");
    }

    @Test
    void ofManyTheSimilarOnesAreTold() {
        List<String> there = List.of("churn", "fraud", "Churn-2", "income", "prices");

        assertThat(NearNames.hint("chrun", there)).isEqualTo(", but churn (of 5)");
        assertThat(NearNames.hint("CHURN", there)).isEqualTo(", but Churn-2, churn (of 5)");
        assertThat(NearNames.hint("weather", there)).isEqualTo(", but 5 others");
    }

    @Test
    void aMessageStaysShortHoweverManyAreNear() {
        List<String> there = IntStream.range(0, 50_000).mapToObj(n -> "r" + n).toList();

        assertThat(NearNames.hint("r", there)).isEqualTo(", but r0, r1, r10 (of 50000)");
    }
}
