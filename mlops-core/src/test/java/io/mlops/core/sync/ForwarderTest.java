package io.mlops.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
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
import java.util.concurrent.atomic.AtomicInteger;
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

    private static boolean brought(Forwarder by, Forwarding.Patience patience, RunId... runs) {
        return by.brought(List.of(runs), patience, Deadline.in(LONG), Interrupts.END_THE_WAIT);
    }

    private RunId withArtifact(String name) {
        RunId run = new RunId(name);
        spool.runs().create(new RunDraft(run, "churn", name, NOW, null, Map.of()));
        var unused = spool.artifacts().put(run, Map.of(RelativePath.of("model.bin"), Content.text("weights")));
        spool.runs().change(run, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOW)));
        return run;
    }

    @Test
    void aRunStaysInTheSpoolAsLongAsTheTargetRefusesItsArtifact() {
        RunId run = withArtifact("run");
        TwistedBackend refusing = new TwistedBackend(target, (method, arguments, real) -> {
            if (method.equals("put")) {
                throw new RefusedException("413: it is longer than the proxy allows", null);
            }
            return real.call();
        });
        try (Forwarder to = new Forwarder(spool, refusing, "the spool", new Recording(), InstantSource.fixed(NOW))) {
            assertThat(brought(to, Forwarding.Patience.ONE_TRY, run)).isFalse();
        }
        assertThat(target.runs().get(run).status().ended()).isTrue();
        assertThat(spool.runs().find(run)).isPresent();

        // The next program finds a proxy that lets it through.
        forwarder.changed(run, 0);
        awaitGone(run);
        assertThat(target.artifacts().find(run, RelativePath.of("model.bin"))).isPresent();
    }

    @Test
    void aRunThatIsDeletedAtTheTargetStaysInTheSpoolAndKeepsNobodyFromWaitingForTheOthers() {
        RunId deleted = ended("deleted");
        target.runs().create(new RunDraft(deleted, "churn", "deleted", NOW, null, Map.of()));
        target.runs()
                .change(
                        deleted,
                        List.of(new RunChange.Ended(new RunOutcome.Failed("", ""), NOW), new RunChange.Deleted(NOW)));
        RunId other = withArtifact("other");
        assertThat(brought(forwarder, Forwarding.Patience.ONE_TRY, deleted)).isFalse();

        assertThat(brought(forwarder, Forwarding.Patience.ONE_TRY, deleted, other))
                .isFalse();

        assertThat(target.artifacts().find(other, RelativePath.of("model.bin"))).isPresent();
        assertThat(spool.runs().find(deleted)).isPresent();
        // What will never come was told once, by the account; whoever flushes waits for the rest.
        assertThat(brought(forwarder, Forwarding.Patience.TO_THE_END, deleted)).isTrue();
    }

    @Test
    void aTargetThatRefusesIsNotAskedAgainWithEachChange() {
        RunId run = ended("run");
        AtomicInteger creations = new AtomicInteger();
        TwistedBackend refusing = new TwistedBackend(target, (method, arguments, real) -> {
            if (method.equals("create")) {
                creations.incrementAndGet();
                throw new RefusedException("403", null);
            }
            return real.call();
        });
        try (Forwarder to = new Forwarder(spool, refusing, "the spool", new Recording(), InstantSource.fixed(NOW))) {
            assertThat(brought(to, Forwarding.Patience.ONE_TRY, run)).isFalse();
            int asked = creations.get();
            for (int i = 1; i <= 5; i++) {
                to.changed(run, 1000L * i);
            }
            // On the same thread as the first, and after it.
            assertThat(brought(to, Forwarding.Patience.ONE_TRY, run)).isFalse();
            assertThat(creations.get()).isLessThanOrEqualTo(2 * asked);
        }
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
