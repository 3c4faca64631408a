package io.mlops.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

final class SignalTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Signal signal = new Signal();
    private final AtomicBoolean condition = new AtomicBoolean();

    @AfterEach
    void forgetTheInterrupt() {
        boolean unused = Thread.interrupted();
    }

    private boolean await(Duration within, Interrupts interrupts) {
        return signal.await(condition::get, Deadline.in(within), interrupts);
    }

    /** Waits on another thread, and returns when it parks. */
    private Thread waiter(Interrupts interrupts, CompletableFuture<Boolean> result) {
        Thread waiter = new Thread(() -> {
            boolean held = await(LONG, interrupts);
            result.complete(held && Thread.currentThread().isInterrupted());
        });
        waiter.start();
        Deadline late = Deadline.in(LONG);
        while (waiter.getState() != Thread.State.TIMED_WAITING && !late.passed()) {
            Thread.onSpinWait();
        }
        return waiter;
    }

    @Test
    void aConditionThatHoldsTakesNoTime() {
        condition.set(true);

        assertThat(signal.await(condition::get, Deadline.now(), Interrupts.PUT_OFF))
                .isTrue();
    }

    @Test
    void aDeadlineEndsTheWait() {
        long begin = System.nanoTime();

        assertThat(await(Duration.ofMillis(30), Interrupts.PUT_OFF)).isFalse();

        assertThat(System.nanoTime() - begin)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    @Test
    void aPutOffInterruptIsThereWhenTheConditionHolds() throws Exception {
        CompletableFuture<Boolean> heldAndInterrupted = new CompletableFuture<>();
        Thread waiter = waiter(Interrupts.PUT_OFF, heldAndInterrupted);

        waiter.interrupt();
        waiter.interrupt();
        condition.set(true);
        signal.changed();

        assertThat(heldAndInterrupted.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptBeforeTheWaitCountsLikeOneWithinIt() {
        Thread.currentThread().interrupt();
        assertThat(await(LONG, Interrupts.END_THE_WAIT)).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();

        assertThat(await(Duration.ofMillis(10), Interrupts.PUT_OFF)).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();

        condition.set(true);
        assertThat(await(LONG, Interrupts.END_THE_WAIT)).as("it holds already").isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void anInterruptEndsTheWaitOfWhoeverWantsThat() throws Exception {
        CompletableFuture<Boolean> unused = new CompletableFuture<>();
        Thread waiter = waiter(Interrupts.END_THE_WAIT, unused);

        waiter.interrupt();
        waiter.join(LONG.toMillis());

        assertThat(waiter.isAlive()).isFalse();
    }

    @Test
    void noChangeIsMissedHoweverManyWait() throws Exception {
        int waiters = 11;
        int rounds = 20_000;
        AtomicInteger round = new AtomicInteger();
        AtomicInteger arrived = new AtomicInteger();
        Signal back = new Signal();
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            all.add(CompletableFuture.supplyAsync(
                    () -> {
                        boolean held = true;
                        for (int next = 1; next <= rounds && held; next++) {
                            int expected = next;
                            held = signal.await(() -> round.get() >= expected, Deadline.in(LONG), Interrupts.PUT_OFF);
                            arrived.incrementAndGet();
                            back.changed();
                        }
                        return held;
                    },
                    task -> new Thread(task).start()));
        }
        boolean held = true;
        for (int next = 1; next <= rounds && held; next++) {
            round.set(next);
            signal.changed();
            int expected = next * waiters;
            held = back.await(() -> arrived.get() >= expected, Deadline.in(LONG), Interrupts.PUT_OFF);
        }

        assertThat(held).isTrue();
        for (CompletableFuture<Boolean> waiter : all) {
            assertThat(waiter.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "needs virtual threads")
    void aVirtualThreadWithoutACarrierHoldsUpNobody() throws Exception {
        ExecutorService virtual = virtualThreads();
        try {
            Thread before = waiter(Interrupts.PUT_OFF, new CompletableFuture<>());
            CountDownLatch inside = new CountDownLatch(1);
            Future<?> between = virtual.submit(() -> signal.await(
                    () -> {
                        inside.countDown();
                        return condition.get();
                    },
                    Deadline.in(LONG),
                    Interrupts.PUT_OFF));
            assertThat(inside.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            Thread after = waiter(Interrupts.PUT_OFF, new CompletableFuture<>());
            int carriers = Runtime.getRuntime().availableProcessors();
            CountDownLatch busy = new CountDownLatch(carriers);
            AtomicBoolean enough = new AtomicBoolean();
            for (int i = 0; i < carriers; i++) {
                virtual.execute(() -> {
                    busy.countDown();
                    while (!enough.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            assertThat(busy.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

            condition.set(true);
            signal.changed();
            before.join(LONG.toMillis() / 4);
            after.join(LONG.toMillis() / 4);

            assertThat(List.of(before.isAlive(), after.isAlive())).containsOnly(false);
            enough.set(true);
            assertThat(between.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(true);
        } finally {
            virtual.shutdownNow();
        }
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
