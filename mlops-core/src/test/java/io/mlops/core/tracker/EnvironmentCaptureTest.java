package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.config.Environment;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What runs record without being asked, and that it harms none of them. */
final class EnvironmentCaptureTest {
    private final Set<Thread> earlier = Thread.getAllStackTraces().keySet();
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final RunEnvironment HERE =
            new RunEnvironment(Map.of("os.name", "Plan 9", "user", "anna"), List.of(), Map.of());

    private final MemoryBackend memory = new MemoryBackend();
    private final CountDownLatch known = new CountDownLatch(1);
    private final AtomicInteger looked = new AtomicInteger();
    private final AtomicInteger read = new AtomicInteger();

    @BeforeEach
    void forgetWarnings() {
        TestLoggerFactory.clearAll();
    }

    private StoredTracker tracker(
            EnvironmentSources.@Nullable Collector collector, @Nullable Duration sampleEvery, Duration endWithin) {
        Supplier<Map<String, Double>> readings = () -> Map.of("system/reads", (double) read.incrementAndGet());
        MlopsConfig config = MlopsConfig.standard()
                .flushEvery(Duration.ofMillis(10))
                .closeWithin(endWithin)
                .buffers(16)
                .environment(new Environment(null, sampleEvery));
        return new StoredTracker(memory, config, new EnvironmentSources(collector, readings), () -> {});
    }

    private RunEnvironment whenKnown(@Nullable ClassLoader loader) {
        looked.incrementAndGet();
        try {
            if (!known.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        return HERE;
    }

    /** How many threads of this name there are that earlier tests have not left. */
    private long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name) && !earlier.contains(thread))
                .count();
    }

    private static List<String> warnings() {
        return TestLoggerFactory.getAllLoggingEvents().stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(event -> event.getFormattedMessage())
                .toList();
    }

    @Test
    void runsThatBeginBeforeItIsKnownAreToldThenAndLaterOnesAtOnce() {
        StoredTracker tracker = tracker(this::whenKnown, null, LONG);
        Run first = tracker.start(RunSpec.of("churn"));
        Run second = tracker.start(RunSpec.of("churn"));
        assertThat(tracker.environment(first.id())).isEmpty();

        known.countDown();
        first.complete();
        second.complete();
        RunId third = tracker.run("churn", run -> {});

        for (RunId run : List.of(first.id(), second.id(), third)) {
            assertThat(tracker.environment(run)).contains(HERE);
            assertThat(tracker.get(run).tags()).isEqualTo(Map.of("mlflow.user", "anna"));
        }
        assertThat(looked).hasValue(1);
        assertThat(tracker.delivery().accepted()).isZero();
        tracker.close(LONG, CloseReason.CLOSED);
    }

    @Test
    void theEndOfARunWaitsForIt() throws Exception {
        StoredTracker tracker = tracker(this::whenKnown, null, LONG);
        Run run = tracker.start(RunSpec.of("churn"));

        CompletableFuture<Void> end = CompletableFuture.runAsync(run::complete);
        run.metric("still", 1);
        known.countDown();
        end.get(LONG.toSeconds(), TimeUnit.SECONDS);

        assertThat(tracker.environment(run.id())).contains(HERE);
        assertThat(tracker.get(run.id()).metric("still")).isEqualTo(1);
        tracker.close(LONG, CloseReason.CLOSED);
    }

    @Test
    void itIsFoundOutOnAThreadOfItsOwnThatEnds() {
        String[] name = new String[1];
        ClassLoader[] loader = new ClassLoader[1];
        StoredTracker tracker = tracker(
                of -> {
                    name[0] = Thread.currentThread().getName();
                    loader[0] = of;
                    return HERE;
                },
                null,
                LONG);

        tracker.run("churn", run -> {});
        tracker.close(LONG, CloseReason.CLOSED);

        assertThat(name[0]).startsWith("mlops-environment-");
        assertThat(loader[0]).isSameAs(Thread.currentThread().getContextClassLoader());
        assertThat(threads("mlops-environment-")).isZero();
    }

    @Test
    void ifItTakesTooLongRunsEndWithoutIt() {
        StoredTracker tracker = tracker(this::whenKnown, null, Duration.ofMillis(200));

        RunId first = tracker.run("churn", run -> run.metric("loss", 1));
        RunId second = tracker.run("churn", run -> run.metric("loss", 1));

        assertThat(tracker.get(first).status()).isEqualTo(RunStatus.FINISHED);
        assertThat(tracker.get(second).status()).isEqualTo(RunStatus.FINISHED);
        assertThat(tracker.environment(second)).isEmpty();
        assertThat(warnings()).singleElement().asString().contains(first.value());
        tracker.close(LONG, CloseReason.CLOSED);
        assertThat(threads("mlops-environment-")).isZero();
    }

    @Test
    void ifItFailsRunsGoOnWithoutIt() {
        StoredTracker tracker = tracker(
                loader -> {
                    throw new OutOfMemoryError("on purpose");
                },
                null,
                LONG);

        RunId first = tracker.run("churn", run -> run.metric("loss", 1));
        RunId second = tracker.run("churn", run -> run.metric("loss", 1));

        assertThat(tracker.get(first).status()).isEqualTo(RunStatus.FINISHED);
        assertThat(tracker.environment(first)).isEmpty();
        assertThat(tracker.environment(second)).isEmpty();
        assertThat(warnings()).hasSize(1);
        tracker.close(LONG, CloseReason.CLOSED);
    }

    @Test
    void aRunThatWasCompletedBeforeAllWasClosedHasFinished() throws Exception {
        StoredTracker tracker = tracker(this::whenKnown, null, LONG);
        Run run = tracker.start(RunSpec.of("churn"));
        CountDownLatch ending = new CountDownLatch(1);
        Thread completing = new Thread(() -> {
            ending.countDown();
            run.complete();
        });
        completing.start();
        assertThat(ending.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        await(() -> completing.getState() == Thread.State.TIMED_WAITING);

        tracker.close(LONG, CloseReason.CLOSED);
        completing.join();

        assertThat(memory.runs().find(run.id()).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void closingStopsLookingAndTellsNobody() {
        StoredTracker tracker = tracker(this::whenKnown, null, LONG);
        Run run = tracker.start(RunSpec.of("churn"));

        tracker.close(LONG, CloseReason.CLOSED);

        assertThat(threads("mlops-environment-")).isZero();
        assertThat(memory.runs().environment(run.id())).isEmpty();
        assertThat(tracker.delivery().dropped()).isEmpty();
    }

    @Test
    void samplesAreMetricsOfEveryOpenRunAndTakeOneThread() {
        StoredTracker tracker = tracker(null, Duration.ofMillis(1), LONG);
        Run first = tracker.start(RunSpec.of("churn"));
        Run second = tracker.start(RunSpec.of("churn"));

        awaitReads(3);
        assertThat(threads("mlops-sampling-")).isEqualTo(1);
        first.complete();
        int before = read.get();
        awaitReads(before + 3);
        second.complete();

        List<MetricPoint> points = tracker.history(second.id(), "system/reads").first(10_000);
        assertThat(points).hasSizeGreaterThanOrEqualTo(5);
        for (int i = 0; i < points.size(); i++) {
            assertThat(points.get(i).step()).isEqualTo(i);
        }
        assertThat(tracker.get(first.id()).metrics()).containsOnlyKeys("system/reads");
        await(() -> threads("mlops-sampling-") == 0);
        int stopped = read.get();
        Run third = tracker.start(RunSpec.of("churn"));
        awaitReads(stopped + 1);
        tracker.close(LONG, CloseReason.CLOSED);

        assertThat(threads("mlops-sampling-")).isZero();
        assertThat(memory.runs().find(third.id()).orElseThrow().status()).isEqualTo(RunStatus.KILLED);
    }

    private void awaitReads(int count) {
        await(() -> read.get() >= count);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    void nothingIsSampledUnlessAskedFor() {
        StoredTracker tracker = tracker(null, null, LONG);

        RunId run = tracker.run(
                "churn", open -> assertThat(threads("mlops-sampling-")).isZero());

        assertThat(tracker.get(run).metrics()).isEmpty();
        tracker.close(LONG, CloseReason.CLOSED);
    }
}
