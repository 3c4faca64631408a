package io.mlops.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are not of the listing they are given to. */
final class PagesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "x", "99999999999", "../a", "AAAA"})
    void aForeignTokenSaysSo(String token) {
        PageRequest request = new PageRequest(5, token);

        assertThatThrownBy(() -> Pages.newestFirst(List.of(1, 2), Function.identity(), request))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page token is not of this listing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../a", "/a", "a\\b"})
    void aTokenThatIsNoPathSaysSo(String token) {
        List<ArtifactEntry> entries = List.of(new ArtifactEntry(RelativePath.of("b"), 1, null));

        assertThat(Pages.byPath(entries, new PageRequest(5, "a")).items()).isEqualTo(entries);
        assertThatThrownBy(() -> Pages.byPath(entries, new PageRequest(5, token)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page token is not of this listing");
    }
}
