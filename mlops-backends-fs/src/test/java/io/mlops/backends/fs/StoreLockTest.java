package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.core.disk.Host;
import io.mlops.core.disk.Owner;
import io.mlops.core.disk.StoreLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Critical sections across threads and processes. */
final class StoreLockTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private StoreLock lock(Duration patience) {
        return new StoreLock(folder.resolve("store.lock"), Owner.here(), patience);
    }

    /** Counts up in a file, many times, each under the lock. */
    static final class Counting {
        public static void main(String[] args) throws IOException {
            StoreLock lock = new StoreLock(Path.of(args[0], "store.lock"), Owner.here(), LONG);
            for (int i = 0; i < 200; i++) {
                lock.in("counter", () -> count(Path.of(args[0], "counter")));
            }
        }
    }

    /** Holds the lock until it is killed. */
    static final class Holding {
        public static void main(String[] args) throws IOException {
            new StoreLock(Path.of(args[0], "store.lock"), Owner.here(), LONG).in("run r1", () -> {
                System.out.println("held");
                int unused = System.in.read();
            });
        }
    }

    private static void count(Path file) throws IOException {
        int now = Files.exists(file) ? Integer.parseInt(Files.readString(file)) : 0;
        Files.writeString(file, Integer.toString(now + 1));
    }

    @Test
    void noCountIsLostAmongProcessesAndThreads() throws Exception {
        List<ChildJvm> children =
                List.of(ChildJvm.start(Counting.class, folder), ChildJvm.start(Counting.class, folder));
        List<Thread> threads = new ArrayList<>();
        AtomicInteger failures = new AtomicInteger();
        for (int t = 0; t < 4; t++) {
            // Two locks per JVM, as with two class loaders or two opened stores.
            StoreLock mine = lock(LONG);
            Thread thread = new Thread(() -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        mine.in("counter", () -> count(folder.resolve("counter")));
                    }
                } catch (IOException e) {
                    failures.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (ChildJvm child : children) {
            assertThat(child.exit()).isZero();
        }

        assertThat(failures).hasValue(0);
        assertThat(folder.resolve("counter")).hasContent("1200");
    }

    @Test
    void whoWaitsTooLongHearsWhoHoldsTheLock() throws Exception {
        try (ChildJvm child = ChildJvm.start(Holding.class, folder)) {
            child.awaitLine("held");
            child.signal("STOP");

            assertThatThrownBy(() -> lock(Duration.ofMillis(200)).in("run r1", () -> {}))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContainingAll(
                            "run r1", "pid " + child.pid(), Host.current().name());
            lock(Duration.ofMillis(200)).in("run r2", () -> {});

            child.kill();
            lock(LONG).in("run r1", () -> {});
        }
    }

    @Test
    void anInterruptIsKeptForLater() throws IOException {
        List<String> done = new ArrayList<>();
        try {
            Thread.currentThread().interrupt();
            lock(LONG).in("run r1", () -> done.add("section"));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(done).hasSize(1);
    }

    @Test
    void aSectionThatFailsGivesTheLockBack() throws IOException {
        StoreLock lock = lock(LONG);

        assertThatThrownBy(() -> lock.in("run r1", () -> {
                    throw new IOException("mine");
                }))
                .hasMessage("mine");

        lock.in("run r1", () -> {});
    }
}
