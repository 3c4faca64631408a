package io.mlops.backends.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs bring libraries of their own: a run is recorded and a model loaded with each of these class paths. */
@Timeout(120)
final class HostClassPathTest {
    private static final Path LIBRARIES = Path.of("target", "host-libraries").toAbsolutePath();

    /** Jars instead of ours, those of OkHttp 4.12 before or after ours. */
    private static final List<String> OKHTTP_4 =
            List.of("okhttp-4.12.0.jar", "okio-jvm-3.6.0.jar", "kotlin-stdlib-1.9.25.jar");

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jackson-core-2.15.4.jar",
                "jackson-core-2.19.2.jar slf4j-api-2.0.17.jar",
                "jackson-core-2.19.2.jar slf4j-api-2.0.17.jar kotlin-stdlib-1.9.25.jar okhttp-4.12.0.jar okio-jvm-3.6.0.jar"
            })
    void whatAHostBringsInsteadWillDo(String jars) throws Exception {
        List<String> instead = List.of(jars.split(" ", -1));
        List<String> path = new ArrayList<>(paths(instead));
        ours().filter(jar -> instead.stream().noneMatch(other -> isSame(jar, other)))
                .forEach(path::add);
        String said = run(path);
        assertThat(said).contains("loaded churn/1");
        instead.stream()
                .filter(jar -> !jar.startsWith("okio"))
                .forEach(jar -> assertThat(said).contains("with " + jar));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void okHttp412BesideOursWillDo(boolean before) throws Exception {
        List<String> path = new ArrayList<>(ours().toList());
        path.addAll(before ? 0 : path.size(), paths(OKHTTP_4));
        String said = run(path);
        assertThat(said).contains("loaded churn/1").contains(before ? "with okhttp-4.12.0.jar" : "with okhttp-jvm-5");
    }

    private static List<String> paths(List<String> jars) {
        return jars.stream().map(jar -> LIBRARIES.resolve(jar).toString()).toList();
    }

    private static Stream<String> ours() {
        return Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator, -1));
    }

    /** Whether a host's jar has the classes of one of ours: the name up to its version, but for OkHttp's new one. */
    private static boolean isSame(String ours, String theirs) {
        String name = Path.of(ours).getFileName().toString().replaceFirst("-[0-9][^/]*$", "");
        String other = theirs.replaceFirst("-[0-9][^/]*$", "");
        return name.equals(other) || (other.equals("okhttp") && name.equals("okhttp-jvm"));
    }

    private String run(List<String> path) throws IOException, InterruptedException {
        try (StandIn server = StandIn.start(Release.V3_17)) {
            Process child = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/java",
                            "-Duser.home=" + home,
                            "-Djava.io.tmpdir=" + home,
                            "-cp",
                            String.join(File.pathSeparator, path),
                            HostProgram.class.getName(),
                            server.address())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said;
        }
    }
}
