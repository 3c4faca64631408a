package io.mlops.backends.fs;

import io.mlops.api.common.Addresses;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The provider of the file backend for addresses such as {@code file:mlops-store}, {@code file:/data/mlops-store} and
 * {@code file:///data/mlops-store}. Thread-safe.
 */
public final class FsProvider implements BackendProvider {
    /** Makes a provider, for {@link java.util.ServiceLoader}. */
    public FsProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("file");
    }

    @Override
    public Backend open(String address, Map<String, String> settings) {
        String path = address.substring("file:".length());
        if (path.isBlank()) {
            throw new IllegalArgumentException("'" + address + "' names no folder: write file:mlops-store");
        }
        return FsBackend.at(path.startsWith("//") ? ofUri(address) : Path.of(path));
    }

    /**
     * Returns the path of an address that is a URI, where a space is %20, as two slashes tell. The text of any other
     * address is the path, so that {@code file:my store} works.
     */
    private static Path ofUri(String address) {
        try {
            return Path.of(new URI(address));
        } catch (URISyntaxException e) {
            // Its message is the address as typed, so it is no cause to be shown.
            throw noFolder(address, e.getReason());
        } catch (IllegalArgumentException e) {
            throw noFolder(address, e.getMessage());
        }
    }

    private static IllegalArgumentException noFolder(String address, @Nullable String reason) {
        return new IllegalArgumentException("'" + Addresses.withoutSecrets(address) + "' is no URI of a folder ("
                + reason + "): write file:mlops-store, file:/absolute/path, or file:///path with %20 for spaces");
    }
}
