package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.disk.Owner;
import io.mlops.core.disk.StoreLock;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Virtual threads on Java 21, where a thread that waits in a monitor, or under one, keeps its carrier: with few carriers, or
 * many threads, nobody would get on.
 */
@NeedsPeer(Peer.JAVA_21)
final class VirtualThreadsTest {
    private static final String TWO_CARRIERS = "-Djdk.virtualThreadScheduler.maxPoolSize=2";
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** Does one job in so many threads, and tells how many succeeded and how late a thread was that only slept. */
    static final class Jobs {
        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            int count = Integer.parseInt(args[1]);
            try (Mlops mlops =
                    Mlops.open(folder.resolve("store"), MlopsConfig.standard().closeWithin(LONG))) {
                Path model = Files.writeString(folder.resolve("model.txt"), "weights");
                CountDownLatch over = new CountDownLatch(1);
                try (Threads threads = Threads.virtual()) {
                    Future<Long> late = threads.executor().submit(() -> latest(over));
                    List<Future<Boolean>> jobs = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        int job = i;
                        jobs.add(threads.executor().submit(() -> switch (args[2]) {
                            case "record" -> record(mlops, job);
                            case "pinned" -> pinned(mlops, job);
                            default -> register(mlops, model, job);
                        }));
                    }
                    System.out.println("succeeded " + succeeded(jobs));
                    over.countDown();
                    System.out.println("late " + late.get());
                }
            }
            System.out.println("closed");
        }

        private static long succeeded(List<Future<Boolean>> jobs) throws InterruptedException {
            long succeeded = 0;
            for (Future<Boolean> job : jobs) {
                try {
                    succeeded += job.get() ? 1 : 0;
                } catch (ExecutionException e) {
                    System.out.println("failed: " + e.getCause());
                }
            }
            return succeeded;
        }

        private static boolean record(Mlops mlops, int job) {
            try (Run run = mlops.tracker().start(RunSpec.of("churn"))) {
                run.param("job", job);
                for (int step = 0; step < 50; step++) {
                    run.metric("loss", 1.0 / (step + 1), step);
                }
                run.artifacts().put("report.txt", Content.of(new byte[] {1, 2, 3}));
                run.complete();
                return true;
            }
        }

        /** Every second thread holds a monitor of its own, as programs do, and keeps its carrier while it waits. */
        private static boolean pinned(Mlops mlops, int job) {
            if (job % 2 == 0) {
                return record(mlops, job);
            }
            synchronized (new Object()) {
                return record(mlops, job);
            }
        }

        private static boolean register(Mlops mlops, Path model, int job) {
            var id = mlops.tracker().run("churn", run -> run.metric("loss", job));
            ModelVersion version = mlops.registry()
                    .register(ModelSpec.of("churn" + job % 3, model).run(id));
            mlops.tracker().search(RunQuery.of("churn")).first(3);
            try (ModelHandle<String> handle =
                    mlops.serving().load(version.id().toString(), files -> Files.readString(files.path("model.txt")))) {
                return handle.call(text -> text.equals("weights"));
            }
        }

        private static long latest(CountDownLatch over) throws InterruptedException {
            long latest = 0;
            long before = System.nanoTime();
            while (!over.await(10, TimeUnit.MILLISECONDS)) {
                long after = System.nanoTime();
                latest = Math.max(latest, (after - before) / 1_000_000 - 10);
                before = after;
            }
            return latest;
        }
    }

    /**
     * The first in line for a lock has no carrier, since another virtual thread pins the only one: a thread of the platform
     * gets the lock all the same.
     */
    static final class FirstWithoutCarrier {
        public static void main(String[] args) throws Exception {
            StoreLock lock = new StoreLock(Path.of(args[0], "store.lock"), Owner.here(), LONG);
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch free = new CountDownLatch(1);
            Future<?> holder;
            try (Threads platform = new Threads(Executors.newCachedThreadPool());
                    Threads virtual = Threads.virtual()) {
                holder = platform.executor().submit(() -> hold(lock, held, free));
                held.await();
                Thread[] first = new Thread[1];
                Future<?> waiting = virtual.executor().submit(() -> {
                    first[0] = Thread.currentThread();
                    return hold(lock, held, free);
                });
                while (first[0] == null || first[0].getState() != Thread.State.TIMED_WAITING) {
                    LockSupport.parkNanos(1_000_000);
                }
                CountDownLatch pinned = new CountDownLatch(1);
                CountDownLatch over = new CountDownLatch(1);
                Future<?> pinning = virtual.executor().submit(() -> {
                    synchronized (new Object()) {
                        pinned.countDown();
                        over.await();
                        return true;
                    }
                });
                pinned.await();
                Future<?> last = platform.executor().submit(() -> hold(lock, held, free));
                free.countDown();
                holder.get();
                last.get();
                System.out.println("locked before the first: " + !waiting.isDone());
                over.countDown();
                pinning.get();
                waiting.get();
            }
            System.out.println("locked by all");
        }

        private static boolean hold(StoreLock lock, CountDownLatch held, CountDownLatch free) throws IOException {
            lock.in("run r1", () -> {
                held.countDown();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            return true;
        }
    }

    /** An executor that is shut down in the end; on Java 17, where this is compiled, none can be closed. */
    private record Threads(ExecutorService executor) implements AutoCloseable {
        static Threads virtual() throws ReflectiveOperationException {
            Method maker = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
            return new Threads((ExecutorService) maker.invoke(null));
        }

        @Override
        public void close() {
            executor.shutdown();
        }
    }

    private List<String> run(List<String> options, Class<?> main, Object... arguments) throws Exception {
        try (ChildJvm child = ChildJvm.startOn(Peer.java21(), options, main, arguments)) {
            List<String> lines = child.lines();
            assertThat(child.exit()).isZero();
            return lines;
        }
    }

    private void assertAllSucceed(String job, int count, List<String> options) throws Exception {
        List<String> pinnedToo = new ArrayList<>(options);
        if (!job.equals("pinned")) {
            pinnedToo.add("-Djdk.tracePinnedThreads=full");
        }
        List<String> lines = run(pinnedToo, Jobs.class, folder, count, job);

        assertThat(lines)
                .contains("succeeded " + count, "closed")
                .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("pinned") || line.contains("io.mlops"));
        long late = lines.stream()
                .filter(line -> line.startsWith("late "))
                .mapToLong(line -> Long.parseLong(line.substring("late ".length())))
                .findFirst()
                .orElseThrow();
        assertThat(late).isLessThan(8_000);
    }

    @Test
    void asManySucceedAsThereAre() throws Exception {
        assertAllSucceed("record", 600, List.of());
    }

    @Test
    void twoCarriersAreEnoughToRecord() throws Exception {
        assertAllSucceed("record", 20, List.of(TWO_CARRIERS));
    }

    @Test
    void twoCarriersAreEnoughToRegisterAndLoad() throws Exception {
        assertAllSucceed("register", 20, List.of(TWO_CARRIERS));
    }

    @Test
    void aProgramThatPinsItsCarriersGetsOn() throws Exception {
        assertAllSucceed("pinned", 20, List.of(TWO_CARRIERS));
    }

    @Test
    void theFirstInLineForTheLockMayHaveNoCarrier() throws Exception {
        assertThat(run(
                        List.of("-Djdk.virtualThreadScheduler.maxPoolSize=1"),
                        FirstWithoutCarrier.class,
                        Files.createDirectories(folder.resolve("locks"))))
                .containsExactly("locked before the first: true", "locked by all");
    }
}
