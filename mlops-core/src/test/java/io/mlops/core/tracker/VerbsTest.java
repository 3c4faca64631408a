package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Backends;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Verbs take their times from the clock of the configuration. */
final class VerbsTest {
    private static final Instant NOON = Instant.parse("2031-11-21T12:00:00Z");

    private final MemoryBackend memory = new MemoryBackend();
    private final MemoryBackend other = new MemoryBackend();

    private static MlopsConfig atNoon() {
        return MlopsConfig.standard().clock(() -> NOON);
    }

    @Test
    void anEndHappensWhenTheClockSays() {
        try (Mlops mlops = Mlops.using(memory, atNoon())) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            mlops.tracker().end(run.id(), new RunOutcome.Killed("lost"));

            assertThat(mlops.tracker().get(run.id()).ended()).isEqualTo(NOON);
        }
    }

    @Test
    void aDeletionHappensWhenTheClockSaysInBothStoresOfATee() {
        try (Mlops mlops = Mlops.using(Backends.tee(memory, other), atNoon())) {
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 1));
            mlops.tracker().delete(id);

            mlops.tracker().experiments().purge(NOON);
            assertThat(memory.runs().find(id)).isPresent();
            assertThat(other.runs().find(id)).isPresent();

            mlops.tracker().experiments().purge(NOON.plusMillis(1));
            assertThat(memory.runs().find(id)).isEmpty();
            assertThat(other.runs().find(id)).isEmpty();
        }
    }

    @Test
    void aChildBeginsInBothStoresOfATee() {
        try (Mlops mlops = Mlops.using(Backends.tee(memory, other))) {
            Run sweep = mlops.tracker().start(RunSpec.of("churn"));
            RunId child = sweep.child("trees 200", run -> run.metric("auc", 0.9));
            sweep.complete();

            assertThat(other.runs().find(child).orElseThrow())
                    .isEqualTo(memory.runs().find(child).orElseThrow());
            assertThat(other.runs().find(child).orElseThrow().parent()).isEqualTo(sweep.id());
        }
    }
}
