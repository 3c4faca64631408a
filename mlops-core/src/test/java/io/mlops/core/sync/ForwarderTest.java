package io.mlops.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Forwarding;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ForwarderTest {
    private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MemoryBackend spool = new MemoryBackend();
    private final MemoryBackend target = new MemoryBackend();
    private final Set<RunId> gone = ConcurrentHashMap.newKeySet();
    private final Set<RunId> held = ConcurrentHashMap.newKeySet();
    private final Signal left = new Signal();
    private final Forwarder forwarder =
            new Forwarder(spool, target, "the spool", new Recording(), InstantSource.fixed(NOW.plusSeconds(60)));

    @AfterEach
    void close() {
        forwarder.close();
    }

    /** Nobody records. */
    private final class Recording implements Forwarding.Source {
        @Override
        public long stored(RunId run) {
            return 0;
        }

        @Override
        public void brought(RunId run, long stored, Map<Delivery.Reason, Long> lost) {}

        @Override
        public void lost(RunId run, long stored, Delivery.Reason reason) {}

        @Override
        public boolean writes(RunId run) {
            return false;
        }

        @Override
        public boolean leaves(RunId run) {
            return !held.remove(run);
        }

        @Override
        public void left(RunId run, boolean isGone) {
            if (isGone) {
                gone.add(run);
            }
            left.changed();
        }
    }

    private RunId ended(String name) {
        RunId id = new RunId(name);
        spool.runs().create(new RunDraft(id, "churn", name, NOW, null, Map.of()));
        spool.runs().change(id, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOW)));
        return id;
    }

    private void awaitGone(RunId run) {
        assertThat(left.await(() -> gone.contains(run), Deadline.in(LONG), Interrupts.END_THE_WAIT))
                .isTrue();
        assertThat(target.runs().get(run).status().ended()).isTrue();
        assertThat(spool.runs().find(run)).isEmpty();
    }

    @Test
    void aThreadThatHasWaitedForWorkNoticesWhatIsDueLater() {
        // One more than there are threads, so that one of these has two.
        for (int i = 0; i < 5; i++) {
            RunId run = ended("run-" + i);
            forwarder.changed(run, 0);
            awaitGone(run);
        }
    }

    @Test
    void aRunThatIsBeingReadAsItWouldLeaveLeavesLater() {
        RunId run = ended("run");
        held.add(run);
        forwarder.changed(run, 0);
        awaitGone(run);
    }

    @Test
    void whoeverWaitsForATargetThatIsDownIsToldAtOnce() {
        RunId run = ended("run");
        target.faults().down();
        for (Forwarding.Patience patience :
                List.of(Forwarding.Patience.ONE_TRY, Forwarding.Patience.WHILE_IT_ANSWERS)) {
            assertThat(forwarder.brought(List.of(run), patience, Deadline.in(LONG), Interrupts.END_THE_WAIT))
                    .isFalse();
            assertThat(forwarder.away()).isTrue();
        }
        target.faults().up();
        assertThat(forwarder.brought(
                        List.of(run), Forwarding.Patience.ONE_TRY, Deadline.in(LONG), Interrupts.END_THE_WAIT))
                .isTrue();
        awaitGone(run);
    }
}
