package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/** What a backend calls itself, without credentials, which promises it keeps in full, and whether it is in memory. */
public record BackendInfo(String name, Set<Capability> capabilities) {
    public BackendInfo {
        requireNonNull(name, "name");
        requireNonNull(capabilities, "capabilities");
        capabilities = Set.copyOf(capabilities);
    }
}
