package io.mlops.core.tracker;

import io.mlops.api.tracker.RunEnvironment;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What runs record without being asked.
 *
 * @param environment finds out what the program runs in; null to record nothing of it
 * @param sampleEvery how often what the process uses becomes metrics of every open run; null for never
 * @param readings tells that, by key
 */
public record SelfRecording(
        @Nullable Source environment, @Nullable Duration sampleEvery, Supplier<Map<String, Double>> readings) {
    /** Finds out what the program runs in; may take seconds, and ends soon after an interrupt. */
    @FunctionalInterface
    public interface Source {
        /** Looks, also at what a loader brings, which is that of the thread that started the first run. */
        RunEnvironment collect(@Nullable ClassLoader loader);
    }

    /** Nothing at all. */
    public static SelfRecording none() {
        return new SelfRecording(null, null, Map::of);
    }
}
