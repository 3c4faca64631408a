package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where artifacts lie, and what lies in their place: nothing hangs, and nothing is read or written through a link. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ArtifactPlacesTest {
    private static final RunId ID = new RunId("run-1");

    @TempDir
    private Path folder;

    private FsBackend backend;

    @BeforeEach
    void open() throws IOException {
        backend = FsBackend.at(folder.resolve("store"));
        backend.runs().create(new RunDraft(ID, "churn", "run", Instant.EPOCH, null, Map.of()));
        Files.createDirectory(folder.resolve("elsewhere"));
    }

    private Path file(String name) {
        return folder.resolve("store/experiments/churn/run-1/artifacts").resolve(name);
    }

    private void put(String path, String text) {
        assertThat(backend.artifacts().put(ID, Map.of(RelativePath.of(path), Content.text(text))))
                .hasSize(1);
    }

    private String read(String path) throws IOException {
        try (InputStream in =
                backend.artifacts().open(ID, RelativePath.of(path)).bytes()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void assertLinkRefused(Path link, String path) throws IOException {
        assertThatThrownBy(() -> put(path, "more"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll(link.toString(), "is a link");
        try (Stream<Path> all = Files.walk(folder.resolve("elsewhere"))) {
            assertThat(all.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(file).hasContent("text"));
        }
    }

    @Test
    void artifactsThatAreLinkedElsewhereAreRefusedAndNotFollowed() throws IOException {
        Files.createSymbolicLink(file(""), folder.resolve("elsewhere"));
        assertLinkRefused(file(""), "a.txt");
        assertThat(folder.resolve("elsewhere")).isEmptyDirectory();
        Files.delete(file(""));

        put("a.txt", "text");
        Files.move(file(""), folder.resolve("elsewhere/artifacts"));
        Files.createSymbolicLink(file(""), folder.resolve("elsewhere/artifacts"));

        assertLinkRefused(file(""), "a.txt");
        assertLinkRefused(file(""), "b/c.txt");
        assertThatThrownBy(() -> read("a.txt"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("'a.txt'", file("").toString(), "is a link");
    }

    @Test
    void aFolderOrFileThatIsLinkedElsewhereIsRefused() throws IOException {
        put("sub/deep/a.txt", "text");
        Files.move(file("sub"), folder.resolve("elsewhere/sub"));
        Files.createSymbolicLink(file("sub"), folder.resolve("elsewhere/sub"));
        assertLinkRefused(file("sub"), "sub/deep/a.txt");
        assertLinkRefused(file("sub"), "sub/b.txt");
        assertThatThrownBy(() -> read("sub/deep/a.txt")).isInstanceOf(RefusedException.class);

        put("b.txt", "text");
        Files.move(file("b.txt"), folder.resolve("elsewhere/b.txt"));
        Files.createSymbolicLink(file("b.txt"), folder.resolve("elsewhere/b.txt"));
        assertThatThrownBy(() -> read("b.txt"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("'b.txt'", "is a link");
        put("b.txt", "new text");
        assertThat(read("b.txt")).isEqualTo("new text");
        assertThat(folder.resolve("elsewhere/b.txt")).hasContent("text");
    }

    @Test
    void whatIsNoFileInThePlaceOfAnArtifactIsDamageAndHoldsNobody() throws Exception {
        put("sub/a.txt", "text");
        Path file = file("sub/a.txt");

        Files.delete(file);
        Path unused = Pipe.at(file);
        assertDamaged("is no file");
        Files.delete(file);
        Files.createDirectory(file);
        assertDamaged("is no file");
        assertThatThrownBy(() -> put("sub/a.txt", "new"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll(file.toString(), "in the way");
        Files.delete(file);
        assertDamaged("is gone");
        Files.delete(file("sub"));
        Files.writeString(file("sub"), "a file where a folder was");
        assertDamaged("is gone");
        assertThatThrownBy(() -> put("sub/a.txt", "new"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll(file("sub").toString(), "in the way");
    }

    private void assertDamaged(String how) {
        assertThatThrownBy(() -> read("sub/a.txt"))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("'sub/a.txt'", how, "artifacts");
        assertThat(backend.artifacts().find(ID, RelativePath.of("sub/a.txt"))).isPresent();
        assertThat(backend.artifacts().list(ID, null, PageRequest.first(5)).items())
                .hasSize(1);
    }

    @Test
    void aPipeInPlaceOfTheListHoldsNobody() throws Exception {
        put("a.txt", "text");
        Path list = file("").resolveSibling("artifacts.json");
        Files.delete(list);
        Path unused = Pipe.at(list);

        assertThatThrownBy(() -> read("a.txt"))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(list.toString());
        assertThatThrownBy(() -> put("b.txt", "text")).isInstanceOf(CorruptDataException.class);
    }

    @Test
    @QuietExtension.Warned
    void aPipeOrFolderInPlaceOfAModelsFileIsDamageAndHoldsNobody() throws Exception {
        Path model = Files.writeString(folder.resolve("model.bin"), "weights");
        try (Mlops mlops = Mlops.using(backend)) {
            var version = mlops.registry().register(ModelSpec.of("churn", model));
            Path file = folder.resolve("store/models/churn/1/model.bin");
            for (boolean pipe : new boolean[] {true, false}) {
                Files.delete(file);
                Path unused = pipe ? Pipe.at(file) : Files.createDirectory(file);
                assertThatThrownBy(() -> mlops.registry().files(version.id()).open("model.bin"))
                        .isInstanceOf(CorruptDataException.class)
                        .hasMessageContainingAll("'model.bin'", "is no file", file.toString());
                assertThatThrownBy(() -> mlops.serving().load("churn/1", files -> files))
                        .isInstanceOf(CorruptDataException.class);
            }
        }
    }

    @Test
    void aPipeThatAUserStoresOrRegistersIsRefused() throws Exception {
        Path pipe = Pipe.at(Files.createDirectory(folder.resolve("mine")).resolve("pipe"));
        try (Mlops mlops = Mlops.using(backend);
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            for (Path source : List.of(pipe, pipe.getParent())) {
                assertThatThrownBy(() -> run.artifacts().put("x", source))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining(pipe.toString());
                assertThatThrownBy(() -> mlops.registry().register(ModelSpec.of("churn", source)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining(pipe.toString());
            }
            assertThat(run.artifacts().list()).isEmpty();
        }
    }

    @Test
    void namesThatWindowsCannotHoldAreStoredByOthers() throws IOException {
        List<String> paths = List.of(
                "aux.txt", "sub/CON", "sub/lpt1.tar.gz", "dot./x", "space /x", "what?.png", "com\u00b9", "nul .txt");
        for (String path : paths) {
            put(path, path);
        }

        for (String path : paths) {
            assertThat(read(path)).isEqualTo(path);
        }
        assertThat(backend.artifacts().list(ID, null, PageRequest.first(50)).items())
                .extracting(entry -> entry.path().value())
                .containsExactlyInAnyOrderElementsOf(paths);
        try (Stream<Path> all = Files.walk(file(""))) {
            assertThat(all.filter(file -> !file.equals(file(""))))
                    .extracting(file -> file.getFileName().toString())
                    .allMatch(name -> name.matches("sub|x|[A-Za-z0-9-]+(\\.tar)?~[0-9a-f]{12}(\\.[a-z]+)?"))
                    .anyMatch(name -> name.matches("aux~[0-9a-f]{12}\\.txt"));
        }
    }

    @Test
    void whatAnOlderVersionStoredByTheNameOfADeviceIsReadAndReplaced() throws IOException {
        put("aux.txt", "text");
        try (Stream<Path> stored = Files.list(file(""))) {
            Files.move(stored.findFirst().orElseThrow(), file("aux.txt"));
        }
        assertThat(read("aux.txt")).isEqualTo("text");

        put("aux.txt", "another text");
        assertThat(read("aux.txt")).isEqualTo("another text");
    }

    @Test
    @QuietExtension.Warned
    void aStoreThatMayOnlyBeReadRefusesArtifacts() throws IOException {
        backend.close();
        Path store = folder.resolve("store/store.json");
        ByHand.write(store, Files.readString(store).replace("\"write\": 1", "\"write\": 2"));
        backend = FsBackend.at(folder.resolve("store"));

        assertThatThrownBy(() -> put("a.txt", "x"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("newer version");
        try (Mlops mlops = Mlops.using(backend);
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            assertThatThrownBy(() -> run.artifacts().putText("a.txt", "x"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(run.id().value(), "newer version");
        }
    }
}
