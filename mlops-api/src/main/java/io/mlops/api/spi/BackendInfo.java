package io.mlops.api.spi;

import java.util.Set;

/** What a backend calls itself, without credentials, and which promises it keeps in full. */
public record BackendInfo(String name, Set<Capability> capabilities) {
    public BackendInfo {
        capabilities = Set.copyOf(capabilities);
    }
}
