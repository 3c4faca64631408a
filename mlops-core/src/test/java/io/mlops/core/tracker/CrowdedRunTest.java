package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.Limits;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two programs that record one run, and together more than it takes, or what contradicts. */
final class CrowdedRunTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final RunSpec SPEC = RunSpec.of("churn").id("job-1");

    private final TroubledBackend backend = new TroubledBackend();
    private final AtomicInteger calls = new AtomicInteger();

    private Mlops open() {
        return Mlops.using(backend, MlopsConfig.standard().closeWithin(LONG));
    }

    private static void params(Run run, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            run.param(prefix + i, "x");
        }
    }

    @Test
    void whatARunHasNoRoomForCostsNeitherTheRestNorOtherRuns() {
        int half = Limits.PARAMS * 6 / 10;
        try (Mlops first = open();
                Mlops second = open()) {
            Run mine = first.tracker().start(SPEC);
            Run theirs = second.tracker().start(SPEC);
            Run other = second.tracker().start(RunSpec.of("churn"));
            params(mine, "a", half);
            assertThat(first.flush(LONG)).isTrue();
            backend.trouble(calls::incrementAndGet);
            params(theirs, "b", half);
            theirs.metric("loss", 1);
            other.metric("loss", 1);
            theirs.complete();
            other.complete();

            assertThat(calls).as("calls of the store").hasValueLessThan(100);
            RunInfo stored = second.tracker().get(mine.id());
            assertThat(stored.params()).hasSize(Limits.PARAMS).containsKeys("a0", "b0", "a" + (half - 1));
            assertThat(stored.metric("loss")).isEqualTo(1);
            assertThat(stored.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(second.tracker().get(other.id()).status()).isEqualTo(RunStatus.FINISHED);
            long fit = Limits.PARAMS - half + 2L;
            long refused = 2L * half - Limits.PARAMS;
            assertThat(second.delivery())
                    .isEqualTo(new Delivery(fit + refused, fit, fit, 0, Map.of("conflict", refused)));
        }
    }

    @Test
    void ofManyParamsOneThatContradictsCostsItself() {
        try (Mlops first = open();
                Mlops second = open()) {
            Run mine = first.tracker().start(SPEC);
            Run theirs = second.tracker().start(SPEC);
            mine.param("b777", "y");
            assertThat(first.flush(LONG)).isTrue();
            backend.trouble(calls::incrementAndGet);
            params(theirs, "b", 2000);
            theirs.complete();

            assertThat(calls).as("calls of the store").hasValueLessThan(100);
            assertThat(second.tracker().get(mine.id()).params()).hasSize(2000).containsEntry("b777", "y");
            assertThat(second.delivery()).isEqualTo(new Delivery(2000, 1999, 1999, 0, Map.of("conflict", 1L)));
        }
    }

    @Test
    void aStoreThatRefusesMoreThanOthersIsAskedInHalves() {
        backend.refuse(RunFact.Renamed.class);
        try (Mlops mlops = open()) {
            Run run = mlops.tracker().start(SPEC);
            params(run, "a", 1000);
            run.record(new RunFact.Renamed("nightly"));
            params(run, "b", 1000);
            backend.trouble(calls::incrementAndGet);
            run.complete();

            assertThat(calls).as("calls of the store").hasValueLessThan(100);
            assertThat(mlops.tracker().get(run.id()).params()).hasSize(2000);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(2001, 2000, 2000, 0, Map.of("conflict", 1L)));
        }
    }

    @Test
    void aRunThatTheStoreTakesNothingOfIsDropped() {
        try (Mlops first = open();
                Mlops second = open()) {
            Run mine = first.tracker().start(SPEC);
            Run theirs = second.tracker().start(SPEC);
            mine.param("a", "x");
            assertThat(first.flush(LONG)).isTrue();
            assertThat(second.flush(LONG)).isTrue();
            backend.refuseEveryChange();
            theirs.param("a", "y");

            assertThat(second.flush(LONG)).isFalse();
            assertThat(second.delivery()).isEqualTo(new Delivery(1, 0, 0, 0, Map.of("conflict", 1L)));
        }
    }
}
