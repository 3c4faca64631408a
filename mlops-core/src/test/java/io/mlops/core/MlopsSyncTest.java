package io.mlops.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Progress;
import io.mlops.api.common.SyncReport;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests that a program copies what it has recorded so far. */
final class MlopsSyncTest {
    private final MemoryBackend target = new MemoryBackend();

    @Test
    void whatIsPendingIsDeliveredFirst() {
        MlopsConfig rarely =
                MlopsConfig.standard().flushEvery(Duration.ofHours(1)).syncEvery(Duration.ofHours(1));
        try (Mlops mlops = Mlops.using(new MemoryBackend(), rarely);
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.metric("loss", 0.5);

            SyncReport report = mlops.sync(target, Progress.none());

            assertThat(report.points()).isEqualTo(1);
            assertThat(target.runs().get(run.id()).status()).isEqualTo(RunStatus.RUNNING);
            run.metric("loss", 0.25, 1);
            run.complete();
            assertThat(mlops.sync(target, Progress.none()).points()).isEqualTo(1);
            assertThat(target.runs().get(run.id()).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(target.runs().get(run.id()).metric("loss")).isEqualTo(0.25);
        }
    }

    @Test
    void whatIsClosedIsNotCopied() {
        Mlops mlops = Mlops.inMemory();
        mlops.close();

        assertThatThrownBy(() -> mlops.sync(target, Progress.none()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void nothingMissingIsTaken() {
        try (Mlops mlops = Mlops.inMemory()) {
            assertThatThrownBy(() -> mlops.sync(null, Progress.none())).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> mlops.sync(target, null)).isInstanceOf(NullPointerException.class);
        }
    }
}
