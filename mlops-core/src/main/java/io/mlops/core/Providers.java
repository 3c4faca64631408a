package io.mlops.core;

import io.mlops.api.common.Addresses;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.spi.BackendProvider;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The providers of backends that this library sees, whatever thread asks: its own loader counts as well as the thread's,
 * which may be another application's or none. One that cannot be loaded hides no other. Not thread-safe.
 */
final class Providers {
    private static final Map<String, String> KNOWN = Map.of(
            "file", "mlops-backends-fs",
            "http", "mlops-backends-http",
            "https", "mlops-backends-http");

    /** A loader that answers with ever more errors is asked no longer. */
    private static final int MAX_BROKEN = 100;

    /** By the name of the class: two loaders often see one class, or a copy of it each. */
    private final Map<String, BackendProvider> loaded = new LinkedHashMap<>();
    /** The reasons by their text, so that each is told once. */
    private final Map<String, Throwable> broken = new TreeMap<>();

    private Providers() {}

    /** Looks through the loader of this library, its layer of modules, and the loader of the current thread. */
    static Providers visible() {
        Providers providers = new Providers();
        Set<ClassLoader> loaders = new LinkedHashSet<>();
        loaders.add(Providers.class.getClassLoader());
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        if (ofThread != null) {
            loaders.add(ofThread);
        }
        for (ClassLoader loader : loaders) {
            providers.add(ServiceLoader.load(BackendProvider.class, loader));
        }
        ModuleLayer layer = Providers.class.getModule().getLayer();
        if (layer != null && layer != ModuleLayer.boot()) {
            providers.add(ServiceLoader.load(layer, BackendProvider.class));
        }
        return providers;
    }

    /**
     * The provider of a scheme.
     *
     * @param shown the scheme as messages may show it
     */
    BackendProvider get(String scheme, String shown) {
        List<BackendProvider> found = new ArrayList<>();
        for (BackendProvider provider : loaded.values()) {
            if (provides(provider, scheme)) {
                found.add(provider);
            }
        }
        if (found.isEmpty()) {
            NotFoundException none = new NotFoundException(none(scheme, shown));
            broken.values().forEach(none::addSuppressed);
            throw none;
        }
        if (found.size() > 1) {
            throw new ConflictException("more than one backend for '" + shown
                    + ":' on the class path, remove all but one of "
                    + found.stream().map(Providers::describe).sorted().collect(Collectors.joining(", ")));
        }
        return found.get(0);
    }

    private void add(ServiceLoader<BackendProvider> services) {
        Iterator<BackendProvider> providers = services.iterator();
        int errors = 0;
        boolean more = true;
        while (more && errors < MAX_BROKEN) {
            try {
                more = providers.hasNext();
                if (more) {
                    BackendProvider provider = providers.next();
                    loaded.putIfAbsent(provider.getClass().getName(), provider);
                }
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                // Of another scheme, of another application, or of one that was undeployed: those that can be loaded
                // count.
                errors++;
                broken.putIfAbsent(e.toString(), e);
            }
        }
    }

    private boolean provides(BackendProvider provider, String scheme) {
        try {
            return provider.schemes().contains(scheme);
        } catch (RuntimeException | LinkageError e) {
            broken.putIfAbsent(provider.getClass().getName() + ": " + e, e);
            return false;
        }
    }

    private String none(String scheme, String shown) {
        String artifact = KNOWN.get(scheme);
        String what = artifact == null ? "the artifact that provides it" : "io.mlops:" + artifact;
        StringBuilder text = new StringBuilder("no backend for '" + shown + ":' ");
        if (Providers.class.getModule().isNamed()) {
            String module = artifact == null ? "its module" : "the module io." + artifact.replace('-', '.');
            text.append("among the modules of this program: add " + what + " to the module path and " + module
                    + " to the modules, with --add-modules, be it of java or, for an image, of jlink");
        } else {
            text.append(
                    "on the class path: add " + what + "; where several jars were shaded into one, merge their files"
                            + " META-INF/services/" + BackendProvider.class.getName());
        }
        if (!broken.isEmpty()) {
            text.append(". Of those that are there, some could not be loaded: " + reasons(broken.values()));
        }
        return text.toString();
    }

    private static String reasons(Collection<Throwable> errors) {
        return errors.stream()
                .map(error ->
                        error.getCause() == null ? error.getMessage() : error.getMessage() + ": " + error.getCause())
                .collect(Collectors.joining("; "));
    }

    private static String describe(BackendProvider provider) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return provider.getClass().getName()
                + (location == null ? "" : " (" + Addresses.withoutSecrets(location.toString()) + ")");
    }
}
