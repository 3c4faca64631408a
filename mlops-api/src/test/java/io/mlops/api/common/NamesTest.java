package io.mlops.api.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people and programs may call things. */
final class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"churn", "a/b", "..", "größe 日本語 😀", "C:\\x", "con", "@#~"})
    void namesAreFree(String name) {
        assertThat(Names.checkName("model", name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a\nb", "a\u0000b", "\u001b[31m", "\ud800", "a\udc00"})
    void namesThatCannotBeShownAreRefused(String name) {
        assertThatThrownBy(() -> Names.checkName("model", name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "\u001b", "\u0000"));
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker may pass
    void nullIsRefusedByName() {
        assertThatThrownBy(() -> Names.checkName("model", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the name of the model");
        assertThatThrownBy(() -> Names.checkKey("metric", null)).hasMessage("the key of the metric");
        assertThatThrownBy(() -> Names.checkValue("the reason", null, 10, "")).hasMessage("the reason");
    }

    @Test
    void namesHaveALength() {
        assertThat(Names.checkName("model", "x".repeat(500))).hasSize(500);
        assertThatThrownBy(() -> Names.checkName("model", "x".repeat(501))).hasMessageContainingAll("501", "500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loss", "val/loss", "val loss", "a.b-c_d", "größe", "損失", "...", "a/.b"})
    void keysFollowMlflowsRule(String key) {
        assertThat(Names.checkKey("metric", key)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a:b", "a//b", "/a", "a/", ".", "..", "a/../b", "./a", "a\\b", "a\tb", "a,b", "😀"})
    void keysThatServersRefuseAreRefusedHere(String key) {
        assertThatThrownBy(() -> Names.checkKey("metric", key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metric");
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "v7", "V12", "", "a b", "a/b", "größe", "a@b"})
    void aliasesThatWouldMislead(String alias) {
        assertThatThrownBy(() -> Names.checkAlias(alias)).isInstanceOf(IllegalArgumentException.class);
    }
}
