package io.mlops.backends.http.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that only waiting moves, and that remembers each wait. Thread-safe. */
final class FakeTime {
    static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());

    /** The longest pauses, since chance always gives 1. */
    Clockwork clock() {
        return new Clockwork(nanos::get, () -> NOW, this::sleep, () -> 1);
    }

    void sleep(Duration time) {
        waits.add(time);
        nanos.addAndGet(time.toNanos());
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    List<Duration> waits() {
        return List.copyOf(waits);
    }
}
