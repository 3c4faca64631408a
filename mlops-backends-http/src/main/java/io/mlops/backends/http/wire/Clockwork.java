package io.mlops.backends.http.wire;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Time and chance, so that tests need neither.
 *
 * @param nanos for spans
 * @param wall for dates that servers send
 * @param sleeper waits
 * @param chance gives numbers from 0 to 1
 */
record Clockwork(LongSupplier nanos, InstantSource wall, Sleeper sleeper, DoubleSupplier chance) {
    /** Waits for a time, or until its thread is interrupted. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    static Clockwork system() {
        return new Clockwork(
                System::nanoTime,
                InstantSource.system(),
                time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()),
                () -> ThreadLocalRandom.current().nextDouble());
    }
}
