package io.mlops.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.VersionReference.Aliased;
import io.mlops.api.registry.ModelSpec;
import io.mlops.core.Mlops;
import io.mlops.core.memory.MemoryBackend;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aliases that today's rule reserves, in a store that was written under another one. */
final class OlderAliasTest {
    private final MemoryBackend memory = new MemoryBackend();

    private void register(Mlops mlops) {
        for (int i = 0; i < 2; i++) {
            assertThat(mlops.registry().register(ModelSpec.of("churn", "model.ubj", Content.text("weights " + i))))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Latest", "v7", "3"})
    void itIsReadListedAndRemoved(String alias) {
        try (Mlops mlops = Mlops.using(memory)) {
            register(mlops);
            AliasMove older = new AliasMove("churn", alias, 1, new AliasMove.Guard.Anything(), "");
            assertThat(memory.models().move(older, "anna", Instant.EPOCH).before())
                    .isNull();

            assertThat(mlops.registry().get(new Aliased("churn", alias)).number())
                    .isEqualTo(1);
            assertThat(mlops.registry().findModel("churn").orElseThrow().aliases())
                    .containsEntry(alias, 1);
            assertThat(mlops.registry().history("churn")).hasSize(1);
            assertThat(mlops.registry().move(AliasMove.remove("churn@" + alias)).before())
                    .isEqualTo(1);
            assertThat(mlops.registry().findModel("churn").orElseThrow().aliases())
                    .isEmpty();
        }
    }

    @Test
    void withoutSuchAnAliasTheNewestVersionIsMeantInAnyCase() {
        try (Mlops mlops = Mlops.using(memory)) {
            register(mlops);

            assertThat(mlops.registry().get(new Aliased("churn", "LATEST")).number())
                    .isEqualTo(2);
            assertThat(mlops.registry().get("churn@Latest").number()).isEqualTo(2);
        }
    }
}
