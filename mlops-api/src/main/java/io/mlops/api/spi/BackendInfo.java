package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/** The name of a backend, without credentials, and the promises that it keeps in full. */
public record BackendInfo(String name, Set<Capability> capabilities) {
    public BackendInfo {
        requireNonNull(name, "name");
        requireNonNull(capabilities, "capabilities");
        capabilities = Set.copyOf(capabilities);
    }
}
