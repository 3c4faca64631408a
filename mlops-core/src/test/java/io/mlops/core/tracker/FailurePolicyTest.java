package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.Limits;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

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

    @Test
    void whatAnotherProcessLeftNoRoomForIsLostAloneAndCounted() {
        RunId id = new RunId("job-1");
        try (Mlops mlops = Mlops.using(memory)) {
            Run run = mlops.tracker().start(RunSpec.of("churn").id(id));
            assertThat(run.flush(LONG)).isTrue();
            List<RunChange> most = new ArrayList<>();
            for (int i = 0; i < Limits.PARAMS; i++) {
                most.add(new RunFact.ParamSet("key-" + i, ""));
            }
            memory.runs().change(id, most);

            run.param("one-more", 1);
            run.tag("team", "growth");
            run.metric("loss", 0.5);
            run.complete();

            RunInfo stored = mlops.tracker().get(id);
            assertThat(stored.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(stored.params()).hasSize(Limits.PARAMS).doesNotContainKey("one-more");
            assertThat(stored.tags()).containsEntry("team", "growth");
            assertThat(stored.metric("loss")).isEqualTo(0.5);
            assertThat(mlops.delivery().dropped()).isEqualTo(Map.of("conflict", 1L));
        }
    }

    @Test
    void underFailEveryCallSaysSoAsLongAsTheStoreIsAway() {
        MlopsConfig config = MlopsConfig.standard()
                .failures(FailurePolicy.FAIL)
                .flushEvery(Duration.ofMillis(1))
                .closeWithin(Duration.ofMillis(50));
        try (Mlops mlops = Mlops.using(memory, config)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.metric("loss", 1);
            assertThat(run.flush(LONG)).isTrue();
            memory.faults().down();
            run.metric("loss", 2);
            awaitFailures(1);
            while (memory.faults().failed() < 5) {
                assertThatThrownBy(() -> run.metric("loss", 3)).isInstanceOf(BackendUnavailableException.class);
            }
        }
    }

    @Test
    void underFailAFullBufferSaysSo() {
        MlopsConfig config = MlopsConfig.standard()
                .failures(FailurePolicy.FAIL)
                .buffers(2)
                .waitWhenFull(Duration.ofMillis(1))
                .closeWithin(Duration.ofMillis(50));
        memory.faults().slow(Duration.ofHours(1));
        try (Mlops mlops = Mlops.using(memory, config)) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            for (int i = 0; i < 3 * PointChunk.CAPACITY; i++) {
                run.metric("loss", i, i);
            }

            assertThatThrownBy(() -> run.metric("loss", 0))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContainingAll("buffers", "full");
            assertThat(mlops.delivery().accepted()).isEqualTo(3 * PointChunk.CAPACITY);
            memory.faults().up();
        }
    }

    @Test
    void underFailTheEndOfARunThatIsGivenUpSaysWhy() {
        MlopsConfig config = MlopsConfig.standard().failures(FailurePolicy.FAIL);
        try (Mlops mlops = Mlops.using(memory, config)) {
            Run here = mlops.tracker().start(RunSpec.of("churn").id("job-1"));
            assertThat(here.flush(LONG)).isTrue();
            memory.runs()
                    .change(here.id(), List.of(new RunChange.Ended(new RunOutcome.Killed("by hand"), Instant.EPOCH)));
            memory.runs().change(here.id(), List.of(new RunChange.Deleted(Instant.EPOCH)));
            assertThat(memory.experiments().purge(Instant.EPOCH.plusSeconds(1)).left())
                    .isZero();
            here.metric("loss", 1);

            assertThatThrownBy(here::complete)
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("job-1");
            assertThatThrownBy(() -> here.flush(LONG)).isInstanceOf(NotFoundException.class);
            assertThat(mlops.flush(LONG)).isFalse();
        }
    }

    @Test
    void anOutageIsToldOnceAndTriedEverMoreSeldom() {
        TestLoggerFactory.clearAll();
        long begun = System.nanoTime();
        try (Mlops mlops = Mlops.using(memory, MlopsConfig.standard().flushEvery(Duration.ofMillis(1)))) {
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.metric("loss", 1);
            assertThat(run.flush(LONG)).isTrue();
            memory.faults().down();
            run.metric("loss", 2);
            awaitFailures(6);

            assertThat(System.nanoTime() - begun)
                    .isGreaterThan(Duration.ofMillis(400).toNanos());
            assertThat(TestLoggerFactory.getAllLoggingEvents())
                    .filteredOn(event -> event.getLevel() == Level.WARN)
                    .hasSize(1);
            memory.faults().up();
            assertThat(run.flush(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        }
    }

    @Test
    void factsWaitForTheStoreLikePoints() {
        try (Mlops mlops = Mlops.using(memory, MlopsConfig.standard().waitWhenFull(LONG))) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < 10_000; i++) {
                    run.param("param-" + i, i);
                    run.tag("tag-" + i, "x");
                }
            });

            assertThat(mlops.delivery().lost()).isZero();
            assertThat(mlops.tracker().get(id).params()).hasSize(10_000);
            assertThat(mlops.tracker().get(id).tags()).hasSize(10_000);
        }
    }

    private void awaitFailures(int count) {
        while (memory.faults().failed() < count) {
            Thread.onSpinWait();
        }
    }
}
