package io.mlops.backends.fs;

import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Opens {@code file:mlops-store}, {@code file:/data/mlops-store} and {@code file:///data/mlops-store}. */
public final class FsProvider implements BackendProvider {
    /** For ServiceLoader. */
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

    /** With two slashes it is a URI, where a space is %20; otherwise the text is the path, so that file:my store works. */
    private static Path ofUri(String address) {
        try {
            return Path.of(URI.create(address));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + address + "' is no URI of a folder (" + e.getMessage()
                            + "): write file:mlops-store, file:/absolute/path, or file:///path with %20 for spaces",
                    e);
        }
    }
}
