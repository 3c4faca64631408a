package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.Listing;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunDetail;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.Backends;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two stores that get everything, and the same. */
final class TeeTest {
    /** So that four threads make fewer keys than a run takes. */
    private static final int FEW_KEYS = 200_000;

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Set<Thread> before = threads();
    private final MemoryBackend first = new MemoryBackend();
    private final MemoryBackend second = new MemoryBackend();

    static List<MetricPoint> points(Backend backend, RunId run, String metric) {
        List<MetricPoint> points = new ArrayList<>();
        ((Listing<MetricPoint>) page -> backend.runs().history(run, metric, page)).forEach(points::add);
        return points;
    }

    static byte[] bytes(Backend backend, RunId run, String path) {
        try (InputStream in =
                backend.artifacts().open(run, RelativePath.of(path)).bytes()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("mlops-") && thread.isAlive())
                .collect(Collectors.toSet());
    }

    /** Only those of before; a thread that a store held longer than anybody waited ends when the store lets it go. */
    static void awaitNoThreadsBut(Set<Thread> before) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!before.containsAll(threads()) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(before).containsAll(threads());
    }

    private Mlops open(MlopsConfig config) {
        return Mlops.using(Backends.tee(first, second), config);
    }

    private Mlops open() {
        return open(MlopsConfig.standard());
    }

    private void assertSame(RunId run) {
        RunInfo here = first.runs().find(run).orElseThrow();
        assertThat(second.runs().find(run)).hasValue(here);
        for (String metric : here.metrics().keySet()) {
            assertThat(points(second, run, metric)).as(metric).isEqualTo(points(first, run, metric));
        }
    }

    @Test
    void bothGetEverything() {
        try (Mlops mlops = open()) {
            RunId id = mlops.tracker().run(RunSpec.of("churn").name("deep").tag("a", "b"), run -> {
                run.param("trees", 200);
                run.metric("loss", 0.5);
                run.metric("loss", 0.4, 7);
                run.metric("loss", 0.3);
                run.note("# first");
                run.artifacts().putText("notes/a.txt", "hello");
                run.artifacts().put("b.bin", Content.of(new byte[3]));
                run.artifacts().put("c.bin", new ByteArrayInputStream(new byte[2_000_000]));
            });
            mlops.tracker().change(id, new RunFact.Tagged("later", "yes"));

            assertSame(id);
            assertThat(points(second, id, "loss")).extracting(MetricPoint::step).containsExactly(0L, 7L, 8L);
            assertThat(first.artifacts().list(id, null, PageRequest.first(10)).items())
                    .hasSize(3)
                    .isEqualTo(second.artifacts()
                            .list(id, null, PageRequest.first(10))
                            .items());
            assertThat(bytes(second, id, "c.bin")).hasSize(2_000_000);
            assertThat(mlops.delivery()).isEqualTo(new Delivery(10, 10, 10, 0, Map.of()));
        }
    }

    private static void recordUntil(AtomicBoolean stop, Run run, String own) {
        for (int i = 0; !stop.get(); i++) {
            run.metric("shared", i);
            run.metric(own, i, i);
            run.tag("last", own + i);
            if (i % 100 == 0 && i < FEW_KEYS) {
                run.metric("new-" + own + i, i);
            }
        }
    }

    @Test
    void bothHaveTheSamePointsOfManyThreadsAlsoWhenAllIsClosedMeanwhile() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            // With room and time for all, so that no slow moment of one store costs it what the other has.
            Mlops mlops = open(MlopsConfig.standard()
                    .flushEvery(Duration.ofMillis(2))
                    .buffers(4096)
                    .closeWithin(Duration.ofMinutes(1)));
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                String own = "own-" + w;
                Thread writer = new Thread(() -> recordUntil(stop, run, own));
                writers.add(writer);
                writer.start();
            }
            assertThat(run.flush(LONG)).isTrue();
            mlops.close();
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }

            assertSame(run.id());
            List<MetricPoint> shared = points(first, run.id(), "shared");
            assertThat(shared.stream().map(MetricPoint::step).distinct()).hasSameSizeAs(shared);
            Delivery delivery = mlops.delivery();
            assertThat(delivery.pending()).isZero();
            assertThat(delivery.dropped().get("first: closed"))
                    .isEqualTo(delivery.dropped().get("second: closed"));
        }
        awaitNoThreadsBut(before);
    }

    @Test
    void theAccountIsRightAtEveryMomentWhateverFails() throws InterruptedException {
        Mlops mlops = open(
                MlopsConfig.standard().buffers(4).waitWhenFull(Duration.ZERO).flushEvery(Duration.ofMillis(1)));
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        AtomicBoolean stop = new AtomicBoolean();
        Thread checker = new Thread(() -> {
            while (!stop.get()) {
                // Its constructor checks the sum.
                Delivery delivery = mlops.delivery();
                if (delivery.pending() < 0) {
                    wrong.set(new AssertionError(delivery.toString()));
                }
            }
        });
        checker.setUncaughtExceptionHandler((thread, e) -> wrong.set(e));
        checker.start();
        int points = 50_000;
        for (int i = 0; i < points; i++) {
            if (i % 1000 == 0) {
                (i % 2000 == 0 ? first : second).faults().failNext(3);
            }
            run.metric("loss", i, i);
        }
        run.complete();
        mlops.close();
        stop.set(true);
        checker.join();

        assertThat(wrong.get()).isNull();
        Delivery delivery = mlops.delivery();
        assertThat(delivery.accepted()).isGreaterThanOrEqualTo(2L * points);
        assertThat((long) points(first, run.id(), "loss").size()
                        + points(second, run.id(), "loss").size())
                .isEqualTo(delivery.durable());
    }

    @Test
    void experimentsChangeInBothAtOneTime() {
        try (Mlops mlops = open()) {
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 1));
            mlops.tracker().experiments().change("churn", new ExperimentChange.Tagged("team", "growth"));
            mlops.tracker().experiments().ensure("income");
            assertThat(second.experiments().find("churn").orElseThrow().tags()).containsEntry("team", "growth");
            assertThat(second.experiments().find("income"))
                    .hasValue(first.experiments().find("income").orElseThrow());

            mlops.tracker().change(id, new RunChange.Deleted(Instant.EPOCH));
            mlops.tracker().experiments().purge(Instant.EPOCH.plusSeconds(1));
            assertThat(mlops.tracker().search(RunQuery.of().visibility(Visibility.ALL)))
                    .isEmpty();
            assertThat(first.runs().find(id)).isEmpty();
            assertThat(second.runs().find(id)).isEmpty();
        }
    }

    @Test
    void modelsAreTheFirstOnesAlone(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("churn.txt"), "0.25");
        try (Mlops mlops = open()) {
            RunId id = mlops.tracker().run("churn", run -> {
                ModelVersion version =
                        mlops.registry().register(ModelSpec.of("churn", file).run(run.id()));
                assertThat(version.number()).isEqualTo(1);
            });

            assertThat(first.models().find("churn")).isPresent();
            assertThat(second.models().find("churn")).isEmpty();
            assertThat(first.runs().find(id).orElseThrow().outputs()).hasSize(1);
            assertThat(second.runs().find(id).orElseThrow().outputs()).isEmpty();
            assertThat(second.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
        }
    }

    @Test
    void closingLeavesBothToTheirMakersAndNoThread() {
        Mlops mlops = open();
        RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 1));
        mlops.close();
        mlops.close();

        assertSame(id);
        awaitNoThreadsBut(before);
        assertThatThrownBy(() -> mlops.tracker().start(RunSpec.of("churn"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTeeIsOfTwoThatAreNoTeesAndHasNoStoresOfItsOwn() {
        Backend tee = Backends.tee(first, second);
        assertThatThrownBy(() -> Backends.tee(first, first)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Backends.tee(tee, first)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Backends.tee(first, tee)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(tee::runs)
                .isInstanceOf(UnsupportedByBackendException.class)
                .hasMessageContaining("Mlops.using");
        assertThatThrownBy(tee::experiments).isInstanceOf(UnsupportedByBackendException.class);
        assertThatThrownBy(tee::artifacts).isInstanceOf(UnsupportedByBackendException.class);
        assertThatThrownBy(tee::models).isInstanceOf(UnsupportedByBackendException.class);
        assertThat(tee.info().name()).contains("memory and memory");
        assertThat(tee.info().capabilities()).isEqualTo(first.info().capabilities());
        tee.close();
        assertThat(first.experiments().find("churn")).isEmpty();
    }

    @Test
    void whatARunRecordsByItselfIsInBothAndTheSame() {
        RunId id;
        MlopsConfig config = MlopsConfig.standard()
                .records(EnumSet.of(RunDetail.SYSTEM, RunDetail.USER))
                .sampleEvery(Duration.ofMillis(2));
        try (Mlops mlops = open(config);
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            id = run.id();
            long deadline = System.nanoTime() + LONG.toNanos();
            while (run.nextStep("system/heap.used.bytes") < 3 && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
            }
            run.complete();
            assertThat(mlops.tracker().environment(id)).isPresent();
        }
        assertSame(id);
        assertThat(points(first, id, "system/heap.used.bytes")).hasSizeGreaterThan(2);
        assertThat(second.runs().environment(id)).isEqualTo(first.runs().environment(id));
        awaitNoThreadsBut(before);
    }
}
