package io.mlops.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where aliases point after a move, and which moves are refused. */
final class AliasStateTest {
    private static final AliasMove TO_7 = AliasMove.of("churn@champion", 7);

    private static AliasEvent event(AliasMove move, @Nullable Integer from) {
        Map<String, Integer> aliases = from == null ? Map.of() : Map.of("champion", from);
        return AliasState.of(aliases).event(move, "anna", Instant.EPOCH);
    }

    @Test
    void aGuardSaysWhereTheAliasIs() {
        assertThat(event(TO_7, null).before()).isNull();
        assertThat(event(TO_7, 3).before()).isEqualTo(3);
        assertThat(event(TO_7.expecting(3), 3).before()).isEqualTo(3);
        assertThat(event(TO_7.expectingUnset(), null).before()).isNull();
        assertThatThrownBy(() -> event(TO_7.expecting(3), 4))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("churn/4", "churn/3");
        assertThatThrownBy(() -> event(TO_7.expecting(3), null)).hasMessageContaining("nothing");
        assertThatThrownBy(() -> event(TO_7.expectingUnset(), 4))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("churn/4", "nothing");
    }

    @Test
    void onlyTheMovedAliasPointsElsewhere() {
        AliasState before = AliasState.of(Map.of("champion", 3, "other", 1));

        assertThat(before.apply(event(TO_7, 3)).aliases()).isEqualTo(Map.of("champion", 7, "other", 1));
        assertThat(before.apply(event(AliasMove.remove("churn@champion"), 3)).aliases())
                .isEqualTo(Map.of("other", 1));
    }
}
