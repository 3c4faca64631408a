package io.mlops.api.tracker;

import java.time.Instant;

/**
 * A named group of runs.
 *
 * @param storeId what the store itself calls it, such as the name of its folder
 */
public record Experiment(String name, String storeId, Instant created) {}
