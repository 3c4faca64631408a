package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that must not be stored, or cannot be as they are. */
final class SourceFilesTest {
    @TempDir
    private Path folder;

    private Mlops mlops;
    private Run run;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectory(folder.resolve("project"));
        mlops = Mlops.open("file:" + folder.resolve("project/store"));
        Files.writeString(folder.resolve("project/model.bin"), "weights");
        mlops.registry().register(ModelSpec.of("m", folder.resolve("project/model.bin")));
        run = mlops.tracker().start(RunSpec.of("churn"));
        run.artifacts().putText("a.txt", "a");
    }

    @AfterEach
    void close() {
        run.close();
        mlops.close();
    }

    private void sh(Path where, String script) throws Exception {
        int exit = new ProcessBuilder("sh", "-c", script)
                .directory(where.toFile())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    @Test
    void aStoreIsNeverStored() throws IOException {
        Path store = folder.resolve("project/store");
        Path alive;
        try (Stream<Path> files = Files.list(store.resolve(".live"))) {
            alive = files.findFirst().orElseThrow();
        }
        for (Path source :
                List.of(folder, folder.resolve("project"), store, store.resolve(".live"), store.resolve(".staging"))) {
            assertThatThrownBy(() -> run.artifacts().put("all", source))
                    .as("put %s", source)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(source.toString(), store.toString());
            assertThatThrownBy(() -> mlops.registry().register(ModelSpec.of("all", source)))
                    .as("register %s", source)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(source.toString(), store.toString());
        }
        for (Path source : List.of(alive, store.resolve("store.lock"))) {
            assertThatThrownBy(() -> run.artifacts().put("lock", source)).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> mlops.registry().register(ModelSpec.of("lock", source)))
                    .isInstanceOf(RefusedException.class);
        }
        assertThat(run.artifacts().list("")).hasSize(1);
    }

    @Test
    void aFinishedVersionMayBeStoredAnew() {
        Path version = folder.resolve("project/store/models/m/1");

        run.artifacts().put("copy", version);

        assertThat(run.artifacts().list("copy").stream().map(ArtifactEntry::path))
                .extracting(Object::toString)
                .containsExactly("copy/MLmodel", "copy/model.bin", "copy/version.json");
    }

    @Test
    void namesThatAreNotUtf8AreRefusedByName() throws Exception {
        Path odd = Files.createDirectory(folder.resolve("odd"));
        sh(odd, "echo one > \"$(printf 'w\\376.bin')\"; echo two > \"$(printf 'w\\377.bin')\"");

        for (Callable<?> storing :
                List.<Callable<?>>of(() -> mlops.registry().register(ModelSpec.of("odd", odd)), () -> {
                    run.artifacts().put("odd", odd);
                    return "put";
                })) {
            assertThatThrownBy(storing::call)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(odd.toString(), "UTF-8", "rename");
        }
        assertThat(mlops.registry().findModel("odd")).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void missingContentIsNamed() {
        assertThatThrownBy(() -> run.artifacts().put("x", (Content) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContainingAll("artifact 'x'", "null");
    }

    @Test
    void theWorkingFolderMayBeNamedByAnEmptyPath() throws IOException {
        String name = "downloaded-by-" + ProcessHandle.current().pid() + ".txt";
        run.artifacts().putText(name, "hello");
        Path copy = Path.of(name);
        try {
            assertThat(run.artifacts().download(name, Path.of(""))).isEqualTo(copy);
            assertThat(copy).hasContent("hello");
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** What a JVM that knows no letters beyond ASCII says of files with such names. */
    static final class InAscii {
        public static void main(String[] args) {
            try (Mlops mlops = Mlops.open("file:" + args[0]);
                    Run run = mlops.tracker().start(RunSpec.of("ascii"))) {
                say(() -> run.artifacts().putText("bericht/gr\u00f6\u00dfe.txt", "x"));
                say(() -> mlops.serving().load("umlaut/1", files -> files));
                say(() -> mlops.registry()
                        .files(mlops.registry().get("umlaut/1").id())
                        .open("gr\u00f6\u00dfe.bin"));
                say(() -> mlops.registry().register(ModelSpec.of("again", Path.of(args[1]))));
                run.artifacts().putText("plain.txt", "x");
                run.complete();
            }
            System.out.println("done");
        }

        private static void say(Callable<?> doing) {
            try {
                System.out.println("did " + doing.call());
            } catch (MlopsException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            } catch (Exception e) {
                System.out.println("BUG " + e);
            }
        }
    }

    @Test
    void aJvmThatCannotNameAFileSaysHowToStartItRight() throws Exception {
        Path umlaut = Files.createDirectory(folder.resolve("umlaut"));
        Files.writeString(umlaut.resolve("größe.bin"), "weights");
        mlops.registry().register(ModelSpec.of("umlaut", umlaut));

        List<String> lines;
        try (ChildJvm child = ChildJvm.start(
                List.of("env", "LC_ALL=C"),
                System.getProperty("java.class.path"),
                InAscii.class,
                folder.resolve("project/store"),
                umlaut)) {
            lines = child.lines();
        }

        assertThat(lines).hasSize(5).endsWith("done");
        assertThat(lines.subList(0, 4))
                .allSatisfy(
                        line -> assertThat(line).startsWith("RefusedException").contains("LC_ALL=C.UTF-8"));
    }
}
