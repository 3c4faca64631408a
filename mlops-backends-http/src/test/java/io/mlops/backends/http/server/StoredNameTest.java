package io.mlops.backends.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the names under which a server keeps what it cannot hold under its own. */
final class StoredNameTest {
    private static final Map<String, String> NO_TAGS = Map.of();

    @Test
    void aNameThatTheServerHoldsStays() {
        for (String name : new String[] {"churn", "größe/😀", "..", "a:b", " churn ", "x".repeat(256)}) {
            assertThat(StoredName.EXPERIMENT.of(name)).isEqualTo(name);
            assertThat(StoredName.EXPERIMENT.shortens(name)).isFalse();
        }
        assertThat(StoredName.MODEL.of("churn model-1.0")).isEqualTo("churn model-1.0");
    }

    @Test
    void aLongNameIsShortenedReadablyAndComesBack() {
        String name = "deep forest ".repeat(30) + "end";

        String stored = StoredName.RUN.of(name);

        assertThat(stored)
                .startsWith("deep forest deep forest")
                .matches(".*~[0-9a-f]{16}")
                .hasSizeLessThan(250);
        assertThat(StoredName.RUN.shortens(name)).isTrue();
        assertThat(StoredName.RUN.read(stored, Map.of(Reserved.NAME, name))).isEqualTo(name);
        assertThat(StoredName.RUN.read(stored, NO_TAGS)).isEqualTo(stored);
        assertThat(StoredName.RUN.of(name + "!")).isNotEqualTo(stored);
        assertThat(StoredName.RUN.of("😀".repeat(200))).startsWith("😀".repeat(100) + "~");
    }

    @Test
    void namesOfModelsLoseWhatPathsGiveAMeaning() {
        assertThat(StoredName.MODEL.of("a/b:c")).startsWith("a_b_c~");
        assertThat(StoredName.MODEL.of("..")).startsWith("_~");
        assertThat(StoredName.MODEL.of("...")).startsWith("_~");
        assertThat(StoredName.MODEL.of(".hidden")).isEqualTo(".hidden");
        assertThat(StoredName.MODEL.of("a/b")).isNotEqualTo(StoredName.MODEL.of("a:b"));
    }

    @Test
    void aNameThatLooksShortenedPassesForNoOther() {
        String name = "y".repeat(300);
        String stored = StoredName.EXPERIMENT.of(name);

        assertThat(StoredName.EXPERIMENT.of(stored)).isNotEqualTo(stored);
        assertThat(StoredName.EXPERIMENT.read(StoredName.EXPERIMENT.of(stored), Map.of(Reserved.NAME, stored)))
                .isEqualTo(stored);
    }

    @Test
    void whatSomebodyRenamedIsNotCalledByTheNameBefore() {
        assertThat(StoredName.EXPERIMENT.read("fresh", Map.of(Reserved.NAME, "z".repeat(300))))
                .isEqualTo("fresh");
    }
}
