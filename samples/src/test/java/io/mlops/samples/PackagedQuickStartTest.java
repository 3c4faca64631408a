package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar as users start it, on the class path and on the module path. */
@Tag("packaged")
final class PackagedQuickStartTest {
    private static final Path TARGET =
            Path.of(System.getProperty("basedir", "."), "target").toAbsolutePath();
    private static final Path JAR = TARGET.resolve("quickstart.jar");
    private static final String MODULE_PATH = JAR + File.pathSeparator + TARGET.resolve("lib");

    @TempDir
    private Path folder;

    @Test
    void runsInPlace() throws Exception {
        Outcome outcome = java("-jar", JAR.toString());

        assertThat(complaints(outcome)).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("A service loads income@champion: income/1", "tensorboard --logdir mlops-store");
        assertThat(folder.resolve("mlops-store/models/income/1/income.tribuo")).isNotEmptyFile();
    }

    @Test
    void itsLibrariesLieBesideItWhereverTheFolderIs() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            String classPath = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            assertThat(classPath.split(" ")).isNotEmpty().allSatisfy(library -> {
                assertThat(library).startsWith("lib/");
                assertThat(TARGET.resolve(library)).exists();
            });
        }
    }

    @Test
    void everyJarOfOursCarriesItsLicence() throws IOException {
        List<Path> jars;
        try (Stream<Path> libraries = Files.list(TARGET.resolve("lib"))) {
            jars = libraries
                    .filter(library -> library.getFileName().toString().startsWith("mlops-"))
                    .toList();
        }
        assertThat(jars).hasSize(4);
        for (Path library : jars) {
            try (JarFile jar = new JarFile(library.toFile())) {
                assertThat(jar.getEntry("META-INF/LICENSE")).as("%s", library).isNotNull();
                assertThat(jar.getEntry("META-INF/NOTICE")).as("%s", library).isNotNull();
            }
        }
    }

    @Test
    void badInputIsOneLineAndNoStackTrace() throws Exception {
        Outcome outcome = java("-jar", JAR.toString(), "--data", "none.csv");

        assertThat(complaints(outcome)).containsExactly("none.csv: no such file");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(folder.resolve("mlops-store")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"ar,EG", "tr,TR", "fa,IR", "az,AZ"})
    void runsInAnyLocale(String language, String country) throws Exception {
        Outcome outcome = java("-Duser.language=" + language, "-Duser.country=" + country, "-jar", JAR.toString());

        assertThat(complaints(outcome)).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("A service loads income@champion: income/1", "4,000 census rows");
    }

    /** Root may read every file, so that a child without its rights does the trying, with a copy that it may read. */
    @Test
    void aFileWithoutPermissionIsNamed() throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(JAR, folder.resolve("quickstart.jar"));
        Files.createDirectory(folder.resolve("lib"));
        try (Stream<Path> libraries = Files.list(TARGET.resolve("lib"))) {
            for (Path library : libraries.toList()) {
                Files.copy(library, folder.resolve("lib").resolve(library.getFileName()));
            }
        }
        Path data = Files.createFile(folder.resolve("adult.csv"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString(root ? "rw-------" : "-w-------"));
        List<String> prefix =
                root ? List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups") : List.of();

        Outcome outcome;
        try {
            outcome = java(prefix, "-jar", "quickstart.jar", "--data", "adult.csv");
        } catch (IOException e) {
            outcome = new Outcome(1, "", "Unable to access: " + e.getMessage());
        }

        assumeFalse(outcome.err().contains("Unable to access"), "no process without root's rights can be started here");
        assertThat(complaints(outcome)).containsExactly("adult.csv: no permission to read it");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void theFirstRunRunsOnTheModulePath() throws Exception {
        Outcome outcome = java(
                "--module-path", MODULE_PATH, "--module", "io.mlops.samples/io.mlops.samples.FirstRun", "file:store");

        assertThat(complaints(outcome)).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out().lines())
                .containsExactly(
                        "first FINISHED {rate=0.1, trees=200}",
                        "loss 1.0 at step 0",
                        "loss 0.5 at step 1",
                        "loss 0.3333333333333333 at step 2");
        assertThat(folder.resolve("store/experiments/first")).isDirectory();
    }

    @Test
    void theQuickStartRunsOnTheModulePath() throws Exception {
        Outcome outcome = java("--module-path", MODULE_PATH, "--module", "io.mlops.samples");

        assertThat(complaints(outcome)).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("A service loads income@champion: income/1");
    }

    /** What the program said; a newer Java adds warnings of its own about Tribuo's libraries. */
    private static List<String> complaints(Outcome outcome) {
        return outcome.err()
                .lines()
                .filter(line -> !line.startsWith("WARNING: "))
                .toList();
    }

    /** With the Java that runs the tests, in the folder. */
    private Outcome java(String... arguments) throws IOException, InterruptedException {
        return java(List.of(), arguments);
    }

    /** The same by way of another command. */
    private Outcome java(List<String> prefix, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path out = TARGET.resolve("child.out");
        Path err = TARGET.resolve("child.err");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
