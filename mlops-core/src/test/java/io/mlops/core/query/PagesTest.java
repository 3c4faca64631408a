package io.mlops.core.query;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.PageRequest;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are not of the listing they are given to. */
final class PagesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1", "99999999999", "../a", "AAAA", "VGhpcyBpcyBub25l"})
    void aForeignTokenSaysSo(String token) {
        PageRequest request = new PageRequest(5, token);

        assertThatThrownBy(() -> Pages.newestFirst(List.of(1, 2), Function.identity(), request))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page token is not of this listing");
    }

    @Test
    void aTokenGoesOnWhereThePageEnded() {
        List<String> names = List.of("b", "a");
        String token = requireNonNull(
                Pages.byName(names, Function.identity(), PageRequest.first(1)).next(), "a token");

        assertThat(Pages.byName(names, Function.identity(), new PageRequest(5, token))
                        .items())
                .containsExactly("b");
        assertThatThrownBy(() -> Pages.newestFirst(List.of(1, 2), Function.identity(), new PageRequest(5, token)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page token is not of this listing");
    }

    @Test
    void namesComeInTheOrderOfCodePoints() {
        List<String> names = List.of("a\ud83d\ude00", "b", "a\uff5e");

        assertThat(Pages.byName(names, Function.identity(), PageRequest.first(5))
                        .items())
                .containsExactly("a\uff5e", "a\ud83d\ude00", "b");
    }
}
