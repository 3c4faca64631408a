package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelVersion;
import org.junit.jupiter.api.Test;

/** Tests that names which programs may give no more, but which older stores have, stay readable. */
abstract class OlderNamesContract extends StoreSuite {
    private ModelRegistry registry() throws Exception {
        return contract().services().registry();
    }

    @Test
    void aModelThatIsCalledLikeAVersionStaysReadable() throws Exception {
        for (String name : new String[] {"churn@champion", "churn/1", ".."}) {
            ModelVersion made = backend().models().create(ModelStoreContract.draft(name, "weights"));

            assertThat(registry().findModel(name)).isPresent();
            assertThat(registry().versions(name)).containsExactly(made);
            assertThat(registry().get(new ModelVersionId(name, 1))).isEqualTo(made);
            assertThat(registry().get(new VersionReference.Aliased(name, "latest")))
                    .isEqualTo(made);
            AliasMove move = AliasMove.of(name + "@good", made);
            assertThat(registry().move(move).move().name()).isEqualTo(name);
            assertThat(registry().history(name)).hasSize(1);
        }
    }

    @Test
    void anAliasThatIsCalledLikeANumberStaysReadableAndIsRemoved() throws Exception {
        ModelVersion made = backend().models().create(ModelStoreContract.draft("churn", "weights"));
        AliasMove older = new AliasMove("churn", "3", 1, new AliasMove.Guard.Anything(), "");
        AliasEvent moved = backend().models().move(older, "anna", NOON);

        assertThat(registry().get("churn@3")).isEqualTo(made);
        assertThat(registry().findModel("churn").orElseThrow().aliases()).containsEntry("3", 1);
        assertThat(registry().history("churn")).containsExactly(moved);
        assertThatThrownBy(() -> registry().move(older))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'3'", "reserved");
        assertThat(registry().move(AliasMove.remove("churn@3")).before()).isEqualTo(1);
        assertThat(registry().findModel("churn").orElseThrow().aliases()).isEmpty();
    }
}
