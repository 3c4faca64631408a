package io.mlops.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DaemonThreadTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static void awaitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void itIsADaemonWithANameAndNobodysClassLoader() throws Exception {
        CompletableFuture<Thread> running = new CompletableFuture<>();
        CompletableFuture<Boolean> withoutLoader = new CompletableFuture<>();
        assertThat(Thread.currentThread().getContextClassLoader()).isNotNull();

        DaemonThread thread = DaemonThread.start("testing", () -> {
            withoutLoader.complete(Thread.currentThread().getContextClassLoader() == null);
            running.complete(Thread.currentThread());
            awaitForEver();
        });

        Thread seen = running.get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(withoutLoader.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(seen.isDaemon()).isTrue();
        assertThat(seen.getName()).matches("mlops-testing-[0-9]+");
        thread.interrupt();
        assertThat(thread.awaitEnd(Deadline.in(LONG), Interrupts.PUT_OFF)).isTrue();
    }

    @Test
    void whoeverAwaitsItsEndFindsNoneOfIt() {
        DaemonThread thread = DaemonThread.start("testing", () -> {});

        assertThat(thread.awaitEnd(Deadline.in(LONG), Interrupts.PUT_OFF)).isTrue();

        assertThat(thread.alive()).isFalse();
    }

    @Test
    void itIsAwaitedNoLongerThanSaid() {
        DaemonThread thread = DaemonThread.start("testing", DaemonThreadTest::awaitForEver);

        assertThat(thread.awaitEnd(Deadline.in(Duration.ofMillis(20)), Interrupts.PUT_OFF))
                .isFalse();
        assertThat(thread.alive()).isTrue();
        Thread.currentThread().interrupt();
        assertThat(thread.awaitEnd(Deadline.in(LONG), Interrupts.END_THE_WAIT)).isFalse();
        assertThat(Thread.interrupted()).isTrue();

        thread.interrupt();
        assertThat(thread.awaitEnd(Deadline.in(LONG), Interrupts.PUT_OFF)).isTrue();
    }
}
