package io.mlops.core;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Addresses;
import io.mlops.api.spi.Backend;
import io.mlops.core.memory.MemoryBackend;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ways to make one backend of others, and to find the one that an address asks for. */
public final class Backends {
    private static final String MEMORY = "memory";

    /** Variables that say how a server is reached. */
    private static final Pattern OF_SERVERS =
            Pattern.compile("MLOPS_URI|MLFLOW_.+|HTTPS_PROXY|https_proxy|http_proxy|NO_PROXY|no_proxy");

    private Backends() {}

    /**
     * Two backends for {@code Mlops.using}, which closes neither. Runs, their points, facts and artifacts, and changes of
     * experiments, go to both: each has buffers, retries and losses of its own, and the second can neither fail nor hold
     * up the first. Reads, models, aliases and serving are the first one's alone. Under DROP what only the second misses
     * is counted by {@code delivery()} and warned of; under FAIL it is thrown, after the first has it. So it is with a
     * whole run that goes on in the first, but in the second has finished, is deleted or is being recorded in another
     * experiment; under FAIL it begins in neither. One that only the second knows, as finished or deleted, does not go on.
     *
     * @throws IllegalArgumentException if both are the same, or one is a tee
     */
    public static Backend tee(Backend first, Backend second) {
        return new TeeBackend(first, second);
    }

    /** Finds the backend that an address asks for; memory is here, and needs no provider. */
    static Backend open(String address, Map<String, String> settings) {
        String scheme = scheme(address);
        if (!scheme.equals(MEMORY)) {
            return Providers.visible().get(scheme, shownScheme(address, scheme)).open(address, settings);
        }
        if (!address.equals(MEMORY + ":")) {
            throw new IllegalArgumentException(
                    "write 'memory:', not '" + Addresses.withoutSecrets(address) + "': memory has no places");
        }
        return new MemoryBackend();
    }

    /** The address of a folder: absolute, since a relative one that begins with slashes would be read as a URI. */
    static String addressOf(Path folder) {
        if (!folder.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("'" + folder + "' lies in " + folder.getFileSystem()
                    + ", and a store needs a folder of the default file system");
        }
        return "file:" + folder.toAbsolutePath();
    }

    static Backend fromEnvironment(Map<String, String> environment) {
        String address = set(environment, "MLOPS_URI");
        if (address == null) {
            address = set(environment, "MLFLOW_TRACKING_URI");
        }
        if (address == null) {
            throw new IllegalArgumentException("neither MLOPS_URI nor MLFLOW_TRACKING_URI is set:"
                    + " set one of them, such as MLOPS_URI=file:mlops-store");
        }
        Map<String, String> settings = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (!value.isBlank() && OF_SERVERS.matcher(name).matches()) {
                settings.put(name, value);
            }
        });
        return open(address, settings);
    }

    /** Compose files and the like set what they do not want to the empty text. */
    private static @Nullable String set(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    /** Reads the scheme, which stands before the first colon; a single letter there is a drive. */
    private static String scheme(String address) {
        requireNonNull(address, "address");
        if (address.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("'" + shown(address).replaceAll("[\\x00-\\x1f\\x7f-\\x9f]", "?")
                    + "' holds a control character, which no address has");
        }
        int colon = address.indexOf(':');
        if (colon < 2) {
            String shown = shown(address);
            throw new IllegalArgumentException("'" + shown + "' does not begin with a scheme: write "
                    + (shown.equals("memory") ? "memory:" : "file:" + shown + " for a folder"));
        }
        return address.substring(0, colon).toLowerCase(Locale.ROOT);
    }

    /** An address may be shown only without the credentials that somebody may have typed before an {@code @}. */
    private static String shown(String address) {
        String without = Addresses.withoutSecrets(address);
        return without.contains("://") ? without : without.substring(without.lastIndexOf('@') + 1);
    }

    /** Where a user stands instead of a scheme, that is nobody's to read. */
    private static String shownScheme(String address, String scheme) {
        boolean isNoUser = Addresses.withoutSecrets(address).startsWith(address.substring(0, scheme.length() + 1));
        return isNoUser ? scheme : "…";
    }
}
