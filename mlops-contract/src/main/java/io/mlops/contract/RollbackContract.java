package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the way back of an alias. */
abstract class RollbackContract extends ProgramSuite {
    @BeforeEach
    void register() {
        for (int i = 1; i <= 4; i++) {
            ModelVersion version =
                    registry().register(ModelSpec.of("churn", "model.txt", Content.text("weights " + i)));
            assertThat(version.number()).isEqualTo(i);
        }
    }

    private void move(int number) {
        registry().move(AliasMove.of("churn@champion", number));
    }

    private int champion() {
        return registry().get("churn@champion").number();
    }

    private AliasEvent rollback() {
        return registry().rollback("churn@champion", "complaints");
    }

    @Test
    void itPointsWhereItPointedBefore() {
        move(1);
        registry().move(AliasMove.of("churn@other", 4));
        move(2);

        AliasEvent event = rollback();

        assertThat(champion()).isEqualTo(1);
        assertThat(event.before()).isEqualTo(2);
        assertThat(event.move().reason()).isEqualTo("complaints");
        assertThat(registry().history("churn").findFirst().map(AliasEvent::before))
                .contains(2);
        assertThat(registry().get("churn@other").number()).isEqualTo(4);
    }

    @Test
    void severalGoBackStepByStepAndNotToAndFro() {
        move(1);
        move(2);
        move(2);
        move(3);

        rollback();
        assertThat(champion()).isEqualTo(2);
        move(4);
        rollback();
        assertThat(champion()).isEqualTo(2);
        rollback();
        assertThat(champion()).isEqualTo(1);
        assertThatThrownBy(this::rollback)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("churn@champion", "churn/1", "nothing to go back to");
        assertThat(champion()).isEqualTo(1);
    }

    @Test
    void anAliasThatWasRemovedComesBack() {
        move(1);
        move(2);
        registry().move(AliasMove.remove("churn@champion"));

        AliasEvent event = rollback();

        assertThat(champion()).isEqualTo(2);
        assertThat(event.before()).isNull();
        assertThat(Objects.requireNonNull(rollback().move().target())).isEqualTo(1);
    }

    @Test
    void whatWasNeverMovedCannotGoBack() {
        move(1);

        assertThatThrownBy(() -> registry().rollback("churn@prod", "x"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("churn has no alias 'prod', only champion");
        assertThatThrownBy(() -> registry().rollback("chrun@champion", "x"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no model 'chrun'");
        assertThatThrownBy(() -> registry().rollback("churn/1", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("churn@champion");
        assertThatThrownBy(() -> registry().rollback("churn@latest", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reserved");
    }
}
