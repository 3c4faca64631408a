package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.Mlops;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library beside what older frameworks bring, such as Spring Boot 2.7 and Spark 3.3. */
final class OlderLibrariesTest {
    @TempDir
    private Path folder;

    /** Records, registers, loads and searches, and says with which Jackson. */
    static final class Program {
        public static void main(String[] args) throws Exception {
            try (Mlops mlops = Mlops.open(Path.of(args[0], "store"))) {
                Path model = Files.writeString(Path.of(args[0], "model.txt"), "weights");
                RunId id = mlops.tracker().run("churn", run -> {
                    run.param("text", "ä\uD83D\uDE00\n");
                    run.metric("loss", Double.NaN);
                    run.artifacts().put("a.txt", Content.of(new byte[] {1}));
                });
                mlops.registry().register(ModelSpec.of("churn", model).run(id));
                String text = mlops.tracker()
                        .search(RunQuery.of("churn"))
                        .first(1)
                        .get(0)
                        .params()
                        .get("text");
                try (var handle = mlops.serving().load("churn/1", files -> Files.readString(files.path("model.txt")))) {
                    System.out.println("works " + text.equals("ä\uD83D\uDE00\n") + handle.call(String::length));
                }
                Class<?> jackson = Class.forName("com.fasterxml.jackson.core.json.PackageVersion");
                System.out.println("with " + jackson.getField("VERSION").get(null));
            } catch (MlopsException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** The class path of the tests with other files of Jackson and SLF4J. */
    private static String classPathWith(String... jars) {
        Path older = Path.of("target", "older-libraries").toAbsolutePath();
        return Stream.concat(
                        Stream.of(jars).map(jar -> older.resolve(jar).toString()),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(entry -> !entry.matches(".*(jackson|slf4j)-[^/\\\\]*\\.jar")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private List<String> run(String classPath) throws Exception {
        try (ChildJvm child = ChildJvm.start(List.of(), classPath, Program.class, folder)) {
            return child.lines();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.10.5", "2.13.5"})
    void anOlderJacksonDoes(String version) throws Exception {
        assertThat(run(classPathWith("jackson-core-" + version + ".jar", "slf4j-api-1.7.36.jar")))
                .containsExactly("works true7", "with " + version);
    }

    @Test
    void aJacksonThatIsTooOldIsTold() throws Exception {
        assertThat(run(classPathWith("jackson-core-2.9.10.jar", "slf4j-api-1.7.36.jar")))
                .singleElement()
                .asString()
                .contains("2.9.10", "jackson-core 2.10 or newer");
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @Test
    void noJacksonIsTold() throws Exception {
        assertThat(run(classPathWith("slf4j-api-1.7.36.jar")))
                .singleElement()
                .asString()
                .contains("jackson-core 2.10 or newer", "none");
    }
}
