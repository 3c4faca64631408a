package io.mlops.core.memory;

import io.mlops.api.common.Addresses;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import java.util.Map;
import java.util.Set;

/** Opens {@code memory:}, a new, empty backend each time. */
public final class MemoryProvider implements BackendProvider {
    /** A provider, as ServiceLoader makes it. */
    public MemoryProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    @Override
    public Backend open(String address, Map<String, String> settings) {
        if (!address.equals("memory:")) {
            throw new IllegalArgumentException(
                    "write 'memory:', not '" + Addresses.withoutSecrets(address) + "': memory has no places");
        }
        return new MemoryBackend();
    }
}
