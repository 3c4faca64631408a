package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Experiments;
import io.mlops.api.tracker.Purged;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StoredExperimentsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

    @Test
    void whatWasDeletedForSoLongIsPurgedByTheClockOfTheProgram() {
        try (MemoryBackend backend = new MemoryBackend();
                Mlops mlops = Mlops.using(backend, MlopsConfig.standard().clock(now::get))) {
            Experiments experiments = mlops.tracker().experiments();
            RunId run = mlops.tracker().run("churn", body -> body.artifacts().putText("a.txt", "hello"));
            experiments.change("churn", new ExperimentChange.Deleted());

            now.set(NOON.plus(Duration.ofDays(29)));
            assertThat(experiments.purgeDeletedFor(Duration.ofDays(30))).isEqualTo(Purged.NOTHING);
            assertThat(experiments.purgeDeletedFor(Duration.ofDays(Long.MAX_VALUE / 86_400)))
                    .isEqualTo(Purged.NOTHING);

            now.set(NOON.plus(Duration.ofDays(30)));
            assertThat(experiments.purgeDeletedFor(Duration.ofDays(30))).isEqualTo(new Purged(1, 1, 5));
            assertThat(mlops.tracker().find(run)).isEmpty();
            assertThatThrownBy(() -> experiments.purgeDeletedFor(Duration.ofDays(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
