package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Backends;
import io.mlops.core.Mlops;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An experiment gets another name by another program while a run of it is recorded. */
final class RenamedElsewhereTest {
    private final MemoryBackend memory = new MemoryBackend();
    private final MemoryBackend other = new MemoryBackend();

    @Test
    void aChildBeginsWhereItsParentIs() {
        try (Mlops mlops = Mlops.using(memory);
                Mlops elsewhere = Mlops.using(memory)) {
            Run sweep = mlops.tracker().start(RunSpec.of("churn"));
            assertThat(sweep.flush(Duration.ofSeconds(60))).isTrue();
            elsewhere.tracker().experiments().rename("churn", "attrition");

            RunId child = sweep.child("trees 200", run -> run.metric("auc", 0.9));
            sweep.complete();

            assertThat(mlops.tracker().get(child).experiment()).isEqualTo("attrition");
            assertThat(mlops.tracker().experiments().find("churn")).isEmpty();
        }
    }

    @Test
    void aRunWithAParentOfItsOwnChoiceBeginsWhereItWasTold() {
        try (Mlops mlops = Mlops.using(memory)) {
            Run sweep = mlops.tracker().start(RunSpec.of("churn"));
            RunId other = mlops.tracker().run(RunSpec.of("income").parent(sweep.id()), run -> {});
            sweep.complete();

            assertThat(mlops.tracker().get(other).experiment()).isEqualTo("income");
        }
    }

    @Test
    void eachStoreOfATeeHasItsOwnName() {
        try (Mlops mlops = Mlops.using(Backends.tee(memory, other));
                Mlops elsewhere = Mlops.using(other)) {
            Run sweep = mlops.tracker().start(RunSpec.of("churn"));
            assertThat(sweep.flush(Duration.ofSeconds(60))).isTrue();
            elsewhere.tracker().experiments().rename("churn", "attrition");

            RunId child = sweep.child("trees 200", run -> run.metric("auc", 0.9));
            sweep.complete();

            assertThat(memory.runs().get(child).experiment()).isEqualTo("churn");
            assertThat(other.runs().get(child).experiment()).isEqualTo("attrition");
            assertThat(mlops.delivery().dropped()).isEmpty();
        }
    }
}
