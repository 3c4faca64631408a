package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What recording calls do under FAIL. */
final class FailurePolicyTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final MemoryBackend memory = new MemoryBackend();

    @Test
    void underFailEveryCallSaysSo() {
        MlopsConfig config = MlopsConfig.standard().failures(FailurePolicy.FAIL).flushEvery(Duration.ofMillis(1));
        try (Mlops mlops = Mlops.using(memory, config)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.metric("loss", 1);
            memory.faults().down();

            assertThatThrownBy(() -> run.flush(LONG)).isInstanceOf(BackendUnavailableException.class);
            assertThatThrownBy(() -> run.metric("loss", 1))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContainingAll(run.id().value(), "memory backend is down");
            assertThatThrownBy(() -> run.param("a", 1)).isInstanceOf(BackendUnavailableException.class);
            assertThatThrownBy(run::complete).isInstanceOf(BackendUnavailableException.class);
            memory.faults().up();

            assertThat(mlops.flush(LONG)).isTrue();
            assertThat(mlops.tracker().get(run.id()).status()).isEqualTo(RunStatus.FINISHED);
        }
    }

    @Test
    void underFailABodysOwnExceptionStillComesOut() {
        MlopsConfig config = MlopsConfig.standard().failures(FailurePolicy.FAIL).closeWithin(Duration.ofMillis(50));
        try (Mlops mlops = Mlops.using(memory, config)) {
            IllegalArgumentException thrown = new IllegalArgumentException("mine");
            memory.faults().down();

            assertThatThrownBy(() -> mlops.tracker().run("churn", run -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);

            assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(BackendUnavailableException.class);
        }
    }

    @Test
    void aParamThatAnotherProcessSetIsAContradiction() {
        try (Mlops here = Mlops.using(memory);
                Mlops strict = Mlops.using(memory, MlopsConfig.standard().failures(FailurePolicy.FAIL))) {
            Run first = here.tracker().start(RunSpec.of("churn").id("job-1"));
            assertThat(first.flush(LONG)).isTrue();
            Run second = strict.tracker().start(RunSpec.of("churn").id("job-1"));
            first.param("trees", 200);
            assertThat(first.flush(LONG)).isTrue();

            second.param("trees", 300);
            second.tag("kept", "yes");

            assertThatThrownBy(() -> second.flush(LONG)).hasMessageContainingAll("trees", "200", "300");
            assertThat(strict.delivery().dropped()).isEqualTo(Map.of("conflict", 1L));
            assertThat(here.tracker().get(first.id()).params()).containsEntry("trees", "200");
            assertThat(here.tracker().get(first.id()).tags()).containsEntry("kept", "yes");
        }
    }
}
