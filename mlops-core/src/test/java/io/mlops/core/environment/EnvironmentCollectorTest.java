package io.mlops.core.environment;

import static io.mlops.core.environment.Jars.jar;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.tracker.RunDetail;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvironmentCollectorTest {
    private static final ClassPath NO_PATH = new ClassPath(List.of());

    @TempDir
    private Path folder;

    private static RunEnvironment collect(Set<RunDetail> details) {
        return new EnvironmentCollector(details, "anna").collect(null);
    }

    @Test
    void jvmAndMachineAreTold() {
        Map<String, String> facts = collect(Set.of(RunDetail.SYSTEM)).facts();

        assertThat(facts)
                .containsEntry("java.version", System.getProperty("java.version"))
                .containsEntry("java.vendor", System.getProperty("java.vendor"))
                .containsEntry("os.name", System.getProperty("os.name"))
                .containsEntry("os.arch", System.getProperty("os.arch"))
                .containsEntry("locale", Locale.getDefault().toLanguageTag())
                .containsEntry("zone", ZoneId.systemDefault().getId())
                .containsEntry("charset", Charset.defaultCharset().name())
                .containsEntry("cores", Integer.toString(Runtime.getRuntime().availableProcessors()))
                .containsEntry(
                        "heap.max.bytes", Long.toString(Runtime.getRuntime().maxMemory()))
                .containsKeys("main.class", "os.version");
    }

    @Test
    void eachDetailCanBeLeftOutAndIsMissingThen() {
        assertThat(collect(EnumSet.complementOf(EnumSet.of(RunDetail.DEPENDENCIES, RunDetail.SYSTEM)))
                        .dependencies())
                .isEmpty();
        RunEnvironment user = collect(Set.of(RunDetail.USER));

        assertThat(user.facts()).isEqualTo(Map.of("user", "anna"));
        assertThat(user.missing())
                .containsOnlyKeys("container.image", "dependencies", "git.commit", "java.version")
                .allSatisfy((name, why) -> assertThat(why).contains("switched off"));
        assertThat(collect(Set.of(RunDetail.SYSTEM)).facts()).doesNotContainKeys("user", "git.commit");
    }

    @Test
    void theClassPathOfThisProgramIsTold() {
        assertThat(collect(Set.of(RunDetail.DEPENDENCIES)).dependencies())
                .filteredOn(found -> found.name().equals("org.slf4j:slf4j-api"))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.version()).startsWith("2.");
                    assertThat(found.digest()).isNotNull();
                });
    }

    @Test
    void whatTheLoaderOfAnApplicationBringsCounts() throws IOException {
        Path library = jar().pom("org.example", "webapp-library", "1").in(folder, "l.jar");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {library.toUri().toURL(), new URL("http://x.invalid/y.jar")})) {
            RunEnvironment found = new EnvironmentCollector(Set.of(RunDetail.DEPENDENCIES), "anna").collect(loader);

            assertThat(found.dependencies()).extracting(Dependency::name).contains("org.example:webapp-library");
        }
    }

    @Test
    void nothingPrivateIsTold() {
        String all = collect(EnumSet.allOf(RunDetail.class)).toString();

        assertThat(all).doesNotContain(System.getProperty("java.class.path"));
        for (String name : List.of("user.home", "user.dir", "java.io.tmpdir")) {
            // A root folder is everybody's.
            if (System.getProperty(name).length() > 4) {
                assertThat(all).as(name).doesNotContain(System.getProperty(name));
            }
        }
        System.getenv().forEach((name, value) -> {
            if (value.length() > 12 && value.startsWith("/")) {
                assertThat(all).as(name).doesNotContain(value);
            }
        });
    }

    @Test
    void ofACommandLineOnlyTheMainClassIsTold() throws IOException {
        Path jar = jar().manifest("Main-Class: org.example.Launcher").in(folder, "with space.jar");
        Path boot = jar().manifest("Main-Class: Launcher", "Start-Class: org.example.App")
                .in(folder, "boot.jar");
        Path none = jar().with("a", "b").in(folder, "none.jar");

        assertThat(mainOf(NO_PATH, "org.example.Main --password=x", "a.jar:b.jar"))
                .isEqualTo("org.example.Main");
        assertThat(mainOf(NO_PATH, "org.example.module/org.example.Main x", "")).isEqualTo("org.example.Main");
        assertThat(mainOf(jar, jar + " --password=x")).isEqualTo("org.example.Launcher");
        assertThat(mainOf(boot, boot.toString())).isEqualTo("org.example.App");
        assertThat(mainOf(none, none + " x")).isEqualTo("none.jar");
        assertThat(mainOf(NO_PATH, "/home/anna/x.jar --password=x", "other.jar"))
                .isNull();
        assertThat(mainOf(NO_PATH, "", "")).isNull();
    }

    private static @Nullable String mainOf(Path jar, String command) {
        return mainOf(new ClassPath(List.of(jar)), command, jar.toString());
    }

    private static @Nullable String mainOf(ClassPath classPath, String command, String path) {
        MainClass main = MainClass.of(command, path, classPath);
        return main == null ? null : main.name();
    }

    @Test
    void aPartThatFailsIsMissingAndTakesNoOtherWithIt() {
        FoundEnvironment environment = new FoundEnvironment();
        EnvironmentCollector collector = new EnvironmentCollector(Set.of(RunDetail.GIT, RunDetail.SYSTEM), "anna");

        collector.part(environment, RunDetail.GIT, "git.commit", () -> {
            throw new IllegalStateException("s3cret");
        });
        collector.part(environment, RunDetail.SYSTEM, "java.version", () -> environment.fact("java.version", "17"));

        assertThat(environment.result().facts()).isEqualTo(Map.of("java.version", "17"));
        assertThat(environment.result().missing())
                .isEqualTo(Map.of("git.commit", "looking for it failed with java.lang.IllegalStateException"));
    }

    @Test
    void aMainClassThatCannotBeLookedForIsMissingAlone() {
        EnvironmentCollector collector = new EnvironmentCollector(Set.of(RunDetail.GIT, RunDetail.SYSTEM), "anna");

        RunEnvironment found = collector.collect(() -> NO_PATH, path -> {
            throw new IllegalStateException("s3cret");
        });

        assertThat(found.facts())
                .containsKeys("java.version", "os.name", "zone")
                .doesNotContainKey("main.class");
        assertThat(found.missing())
                .containsEntry("main.class", "looking for it failed with java.lang.IllegalStateException")
                .doesNotContainKey("java.version");
        assertThat(found.missing().getOrDefault("git.commit", "")).doesNotContain("IllegalStateException");
    }

    @Test
    void aClassPathThatCannotBeLookedForTakesNothingElseWithIt() throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[0]) {
            @Override
            public URL[] getURLs() {
                throw new IllegalStateException("s3cret");
            }
        }) {
            RunEnvironment found = new EnvironmentCollector(EnumSet.allOf(RunDetail.class), "anna").collect(loader);

            assertThat(found.facts())
                    .containsKeys("java.version", "os.name", "user")
                    .containsEntry("user", "anna");
            assertThat(found.missing())
                    .containsEntry("dependencies", "the class path could not be told")
                    .containsEntry("class.path", "looking for it failed with java.lang.IllegalStateException")
                    .doesNotContainKeys("java.version");
        }
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();

        RunEnvironment found = collect(Set.of(RunDetail.DEPENDENCIES));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(found.dependencies()).isEmpty();
    }
}
