package io.mlops.core.tracker;

import io.mlops.api.tracker.RunEnvironment;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The places from which a tracker learns what its runs record of their environment.
 *
 * @param collector finds out the environment; null to record nothing of it
 * @param readings tells what the process uses at this moment, by key
 */
public record EnvironmentSources(@Nullable Collector collector, Supplier<Map<String, Double>> readings) {
    /** Finds out the environment of the program; may take seconds, and ends soon after an interrupt. */
    @FunctionalInterface
    public interface Collector {
        /** Finds it out, with what a loader brings: that of the thread that started the first run. */
        RunEnvironment collect(@Nullable ClassLoader loader);
    }

    /** Sources that tell nothing. */
    public static EnvironmentSources none() {
        return new EnvironmentSources(null, Map::of);
    }
}
