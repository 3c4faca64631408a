package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Host;
import io.mlops.core.disk.Owner;
import io.mlops.core.disk.StoreLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel drops a process's locks on a file as soon as the process closes any channel of it: nothing that the library
 * does meanwhile in the same JVM may cost a holder its lock.
 */
final class LockKeptTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** Tries to get a lock, for a moment only. */
    static final class Trying {
        public static void main(String[] args) throws IOException {
            StoreLock lock = new StoreLock(Path.of(args[0]), Owner.here(), Duration.ofMillis(300));
            try {
                lock.in("run held", () -> System.out.println("got it"));
            } catch (BackendUnavailableException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    /** What another application of the same JVM does with the store, without waiting for the lock. */
    static final class Visiting {
        public static void main(String[] args) throws IOException {
            Path model = Files.writeString(Path.of(args[1], "model"), "weights");
            try (Mlops mlops = Mlops.open("file:" + args[0])) {
                RunId id = mlops.tracker()
                        .search(RunQuery.of("churn"))
                        .findFirst()
                        .orElseThrow()
                        .id();
                long artifacts = mlops.tracker().artifacts(id).list("").stream().count();
                long points = mlops.tracker().history(id, "loss").stream().count();
                var version = mlops.registry().register(ModelSpec.of("churn", model));
                var moved = mlops.registry().move(AliasMove.of("churn@champion", version.id()));
                mlops.serving().load("churn@champion", files -> files).close();
                if (points != 1 || artifacts != 1 || !moved.move().name().equals("churn")) {
                    throw new IllegalStateException(points + " points, " + artifacts + " artifacts");
                }
            }
        }
    }

    /** Counts up in a file under the lock, as two threads with a lock each. */
    static final class Counting {
        static final int TIMES = 100;

        public static void main(String[] args) {
            Path counter = Path.of(args[0], "counter");
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                StoreLock lock = new StoreLock(Path.of(args[0], "store.lock"), Owner.here(), LONG);
                threads.add(CompletableFuture.runAsync(() -> count(lock, counter)));
            }
            threads.forEach(CompletableFuture::join);
        }

        private static void count(StoreLock lock, Path counter) {
            try {
                for (int i = 0; i < TIMES; i++) {
                    lock.in("counter", () -> {
                        int now = Files.exists(counter) ? Integer.parseInt(Files.readString(counter)) : 0;
                        Files.writeString(counter, Integer.toString(now + 1));
                    });
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What a child that wants the lock says. */
    private String askedFromOutside() throws IOException {
        try (ChildJvm child = ChildJvm.start(Trying.class, folder.resolve("store/store.lock"))) {
            return String.join("", child.lines());
        }
    }

    /** A backup, which may read anything but the lock. */
    private static void backUp(Path store, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            for (Path file : files.sorted().toList()) {
                if (!file.endsWith("store.lock") && !file.startsWith(store.resolve(".live"))) {
                    Files.copy(file, to.resolve(store.relativize(file).toString()));
                }
            }
        }
    }

    @Test
    void nothingInTheSameJvmCostsAHolderItsLock() throws Exception {
        Path store = folder.resolve("store");
        try (Mlops mlops = Mlops.open("file:" + store)) {
            RunId unused = mlops.tracker().run("churn", run -> {
                run.metric("loss", 1);
                run.artifacts().putText("note.txt", "hello");
            });
        }
        StoreLock lock = new StoreLock(store.resolve("store.lock"), Owner.here(), LONG);
        try (SecondLoader second = new SecondLoader()) {
            lock.in("run held", () -> {
                assertThat(askedFromOutside()).startsWith("refused");
                Visiting.main(new String[] {store.toString(), folder.toString()});
                backUp(store, folder.resolve("copy"));
                runThere(second, Visiting.class, store, folder);

                assertThat(askedFromOutside())
                        .as("after all that was opened and closed here")
                        .startsWith("refused")
                        .contains(
                                "pid " + ProcessHandle.current().pid(),
                                Host.current().name());
            });
        }
        assertThat(askedFromOutside()).isEqualTo("got it");
        assertThat(store.resolve("models/churn/2")).exists();
    }

    @Test
    void noCountIsLostAmongProcessesAndApplications() throws Exception {
        try (SecondLoader second = new SecondLoader()) {
            List<ChildJvm> children =
                    List.of(ChildJvm.start(Counting.class, folder), ChildJvm.start(Counting.class, folder));
            CompletableFuture<Void> there = CompletableFuture.runAsync(() -> runThere(second, Counting.class, folder));
            Counting.main(new String[] {folder.toString()});
            there.get();
            for (ChildJvm child : children) {
                assertThat(child.exit()).isZero();
            }
        }

        assertThat(folder.resolve("counter")).hasContent(Integer.toString(4 * 2 * Counting.TIMES));
    }

    @Test
    void whoIsInterruptedWhileItWaitsGetsTheLockAllTheSame() throws Exception {
        StoreLock lock = new StoreLock(folder.resolve("store.lock"), Owner.here(), LONG);
        try (ChildJvm child = ChildJvm.start(StoreLockTest.Holding.class, folder)) {
            child.awaitLine("held");
            CompletableFuture<Boolean> flagKept = new CompletableFuture<>();
            Thread waiter = new Thread(() -> {
                try {
                    lock.in("run r1", () -> {});
                    flagKept.complete(Thread.currentThread().isInterrupted());
                } catch (IOException | RuntimeException e) {
                    flagKept.completeExceptionally(e);
                }
            });
            waiter.start();
            for (int i = 0; i < 100; i++) {
                waiter.interrupt();
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(flagKept).isNotDone();
            child.tell("");

            assertThat(child.exit()).isZero();
            assertThat(flagKept.get()).isTrue();
        }
    }

    private static void runThere(SecondLoader loader, Class<?> main, Object... arguments) {
        try {
            loader.run(main, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
