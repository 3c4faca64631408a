package io.mlops.core;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import java.net.URL;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds the backend that an address asks for. */
final class Backends {
    private static final Map<String, String> KNOWN_ARTIFACTS = Map.of(
            "file", "io.mlops:mlops-backends-fs",
            "http", "io.mlops:mlops-backends-http",
            "https", "io.mlops:mlops-backends-http");

    private Backends() {}

    static Backend open(String address, Map<String, String> settings) {
        String scheme = scheme(address);
        List<BackendProvider> providers = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.schemes().contains(scheme))
                .toList();
        if (providers.isEmpty()) {
            throw new NotFoundException("no backend for '" + scheme + ":' on the class path: add "
                    + KNOWN_ARTIFACTS.getOrDefault(scheme, "the artifact that provides it"));
        }
        if (providers.size() > 1) {
            throw new ConflictException("more than one backend for '" + scheme
                    + ":' on the class path, remove all but one of "
                    + providers.stream().map(Backends::describe).sorted().collect(Collectors.joining(", ")));
        }
        return providers.get(0).open(address, settings);
    }

    static Backend fromEnvironment(Map<String, String> environment) {
        String address = environment.getOrDefault("MLOPS_URI", environment.getOrDefault("MLFLOW_TRACKING_URI", ""));
        if (address.isBlank()) {
            throw new IllegalArgumentException("neither MLOPS_URI nor MLFLOW_TRACKING_URI is set:"
                    + " set one of them, such as MLOPS_URI=file:mlops-store");
        }
        Map<String, String> settings = new TreeMap<>();
        for (String name : List.of("token", "username", "password")) {
            String value = environment.get("MLFLOW_TRACKING_" + name.toUpperCase(Locale.ROOT));
            if (value != null) {
                settings.put(name, value);
            }
        }
        return open(address, settings);
    }

    /** What stands before the first colon; a single letter is a drive, and no scheme. */
    private static String scheme(String address) {
        int colon = address.indexOf(':');
        if (colon < 2) {
            throw new IllegalArgumentException("'" + withoutUser(address)
                    + "' does not begin with a scheme: write file:" + withoutUser(address) + " for a folder");
        }
        return address.substring(0, colon).toLowerCase(Locale.ROOT);
    }

    /** An address may be shown only without the credentials that somebody may have typed into it. */
    private static String withoutUser(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    private static String describe(BackendProvider provider) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return provider.getClass().getName() + (location == null ? "" : " (" + location + ")");
    }
}
