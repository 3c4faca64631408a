package io.mlops.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backend that is there is found, whatever loader the asking thread has. The loader of these tests has {@link Own}, and
 * names a class before it that does not exist.
 */
final class ProvidersTest {
    @TempDir
    private Path folder;

    /** Opens another memory for one scheme. */
    private abstract static class OneScheme implements BackendProvider {
        private final String scheme;

        OneScheme(String scheme) {
            this.scheme = scheme;
        }

        @Override
        public Set<String> schemes() {
            return Set.of(scheme);
        }

        @Override
        public Backend open(String address, Map<String, String> settings) {
            return new MemoryBackend();
        }
    }

    /** The backend beside the library. */
    public static final class Own extends OneScheme {
        public Own() {
            super("own");
        }
    }

    /** A claim on the same scheme. */
    public static final class Claim extends OneScheme {
        public Claim() {
            super("own");
        }
    }

    /** A backend that only an application has. */
    public static final class OfApplication extends OneScheme {
        public OfApplication() {
            super("application");
        }
    }

    /** A backend whose libraries are missing. */
    public static final class Broken extends OneScheme {
        public Broken() {
            super("broken");
            throw new NoClassDefFoundError("org/example/Client");
        }
    }

    private void open(String address, @Nullable ClassLoader ofThread) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ofThread);
        try {
            Mlops.open(address).close();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private ClassLoader naming(@Nullable ClassLoader parent, String... providers) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(services.resolve(BackendProvider.class.getName()), List.of(providers));
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, parent);
    }

    @Test
    void aBackendBesideTheLibraryIsFoundFromAnyThread() throws Exception {
        open("own:a", null);
        open("own:a", ClassLoader.getPlatformClassLoader());
        open("own:a", getClass().getClassLoader());
        Object unused = ForkJoinPool.commonPool()
                .submit(() -> open("own:a", ClassLoader.getSystemClassLoader().getParent()))
                .get();
    }

    @Test
    void anotherApplicationsLoaderDoesNotDisturb() throws IOException {
        URL own = getClass().getProtectionDomain().getCodeSource().getLocation();
        URL api = BackendProvider.class.getProtectionDomain().getCodeSource().getLocation();
        URL core = Mlops.class.getProtectionDomain().getCodeSource().getLocation();
        // The same classes, loaded once more: the provider there is none of ours.
        try (URLClassLoader other =
                new URLClassLoader(new URL[] {own, api, core}, ClassLoader.getPlatformClassLoader())) {
            open("own:a", other);
        }
        open("own:a", new ClassLoader(null) {
            @Override
            public Enumeration<URL> getResources(String name) {
                throw new IllegalStateException("this application was stopped");
            }
        });
    }

    @Test
    void aBackendOfTheApplicationIsFoundByItsThreads() throws IOException {
        open("application:a", naming(getClass().getClassLoader(), OfApplication.class.getName()));

        assertThatThrownBy(() -> open("application:a", null)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aBrokenProviderIsAnErrorOfItsSchemeOnly() throws IOException {
        ClassLoader loader = naming(getClass().getClassLoader(), Broken.class.getName(), OfApplication.class.getName());

        open("own:a", loader);
        open("application:a", loader);
        open("memory:", loader);
        assertThatThrownBy(() -> open("broken:a", loader))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("'broken:'", Broken.class.getName(), "org/example/Client", "NoSuchProvider");
    }

    @Test
    void twoProvidersForOneSchemeNameWhatToRemove() throws IOException {
        ClassLoader loader = naming(getClass().getClassLoader(), Claim.class.getName());

        assertThatThrownBy(() -> open("own:a", loader))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll(Claim.class.getName(), Own.class.getName(), "remove");
    }

    @Test
    void aShadedJarKeepsTheFilesOfTheBackends() throws Exception {
        URI core =
                Mlops.class.getProtectionDomain().getCodeSource().getLocation().toURI();

        // Of files of one name, a jar made with standard settings keeps the first: here there is none.
        assertThat(Path.of(core).resolve("META-INF/services")).doesNotExist();
        assertThatThrownBy(() -> Mlops.open("file:a"))
                .hasMessageContainingAll("io.mlops:mlops-backends-fs", "META-INF/services/", "shaded");
    }
}
