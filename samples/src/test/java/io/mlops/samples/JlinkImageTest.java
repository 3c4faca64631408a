package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first run as an image made by jlink, which takes only libraries with descriptors: without Tribuo, the program is a
 * module of its own. The JDK that builds makes it, since the runtime of the tests may have no tools.
 */
@Tag("packaged")
final class JlinkImageTest {
    private static final Path BASE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    private static final Path JDK =
            Path.of(System.getProperty("mlops.build.java.home", System.getProperty("java.home")));
    private static final String ABSENCE =
            "the JDK at " + JDK + " has no folder jmods: the first run is not tested as an image of jlink";
    private static final String MODULE = """
            module first.run {
                requires io.mlops.core;
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void theFirstRunRunsInAnImage() throws Exception {
        boolean links = Files.isDirectory(JDK.resolve("jmods"));
        if (!links && !"true".equals(System.getenv("CI"))) {
            System.out.println(ABSENCE);
            abort(ABSENCE);
        }
        assertThat(links).as(ABSENCE).isTrue();

        Path classes = compile();
        Path image = folder.resolve("image");
        String modules = "first.run,io.mlops.backends.fs,org.slf4j.simple";
        String path = classes + File.pathSeparator + libraries();
        run(JDK.resolve("bin/jlink"), "--module-path", path, "--add-modules", modules, "--output", image.toString());

        List<String> said =
                run(image.resolve("bin/java"), "--module", "first.run/io.mlops.samples.FirstRun", "file:store");

        assertThat(said)
                .containsExactly(
                        "first FINISHED {rate=0.1, trees=200}",
                        "loss 1.0 at step 0",
                        "loss 0.5 at step 1",
                        "loss 0.3333333333333333 at step 2");
        assertThat(folder.resolve("store/experiments/first")).isDirectory();
    }

    /** The program of the sample as it stands, with a descriptor that needs no library without one. */
    private Path compile() throws IOException, InterruptedException {
        Path descriptor = Files.writeString(folder.resolve("module-info.java"), MODULE);
        Path source = BASE.resolve("src/main/java/io/mlops/samples/FirstRun.java");
        Path classes = folder.resolve("classes");
        run(
                JDK.resolve("bin/javac"),
                "--module-path",
                libraries(),
                "-d",
                classes.toString(),
                descriptor.toString(),
                source.toString());
        return classes;
    }

    /** The libraries that a user of the file store has, of those that lie beside the quick start. */
    private static String libraries() throws IOException {
        try (Stream<Path> all = Files.list(BASE.resolve("target/lib"))) {
            return String.join(
                    File.pathSeparator,
                    all.map(Path::toString)
                            .filter(library -> library.matches(".*[/\\\\](mlops|jackson-core|slf4j|jspecify)-.*"))
                            .toList());
        }
    }

    private List<String> run(Path program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as("%s", lines).isZero();
        return lines;
    }
}
