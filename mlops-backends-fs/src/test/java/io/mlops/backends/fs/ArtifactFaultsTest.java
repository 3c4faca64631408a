package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.artifact.StoredArtifacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was stored stays, whatever happens while it is replaced. */
@QuietExtension.Warned
final class ArtifactFaultsTest {
    private static final RunId ID = new RunId("run-1");
    private static final RelativePath A = RelativePath.of("a.txt");
    private static final RelativePath B = RelativePath.of("sub/b.txt");
    private static final RelativePath NEW = RelativePath.of("new.txt");
    private static final Map<RelativePath, String> OLD_TEXTS = Map.of(A, "old-a", B, "old-b");
    private static final Map<RelativePath, String> NEW_TEXTS = Map.of(A, "new-a", B, "new and longer", NEW, "new");

    @TempDir
    private Path folder;

    private TracingDisk disk;
    private FsBackend backend;

    @BeforeEach
    void open() {
        disk = new TracingDisk(folder.resolve("store"));
        backend = FsBackend.at(folder.resolve("store"), disk);
        backend.runs().create(new RunDraft(ID, "churn", "run", Instant.EPOCH, null, Map.of()));
    }

    private List<ArtifactEntry> put(Map<RelativePath, String> texts) {
        Map<RelativePath, Content> files = new TreeMap<>();
        texts.forEach((path, text) -> files.put(path, Content.text(text)));
        return backend.artifacts().put(ID, files);
    }

    /** Verified on the way, by a store that has nothing in memory. */
    private Map<RelativePath, String> read() throws IOException {
        Map<RelativePath, String> texts = new TreeMap<>();
        try (FsBackend other = FsBackend.at(folder.resolve("store"))) {
            StoredArtifacts stored = new StoredArtifacts(other.artifacts(), ID);
            for (ArtifactEntry entry : stored.list("")) {
                assertThat(stored.find(entry.path().value())).contains(entry);
                try (InputStream in = stored.open(entry.path().value())) {
                    texts.put(entry.path(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }

    private Path file(String name) {
        return folder.resolve("store/experiments/churn/run-1").resolve(name);
    }

    @Test
    void eachFileIsOldOrNewWhateverStepOfReplacingFails() throws IOException {
        int failures = 0;
        for (boolean failed = true; failed; failures++) {
            assertThat(put(OLD_TEXTS)).hasSize(2);
            disk.failAt("", failures + 1);
            try {
                assertThat(put(NEW_TEXTS)).hasSize(3);
                failed = false;
            } catch (BackendUnavailableException e) {
                assertThat(e.maybeDone()).isTrue();
            }
            Map<RelativePath, String> found = read();
            if (failed) {
                assertThat(found).containsKeys(A, B);
                found.forEach((path, text) ->
                        assertThat(text).as(path.value()).isIn(OLD_TEXTS.get(path), NEW_TEXTS.get(path)));
            } else {
                assertThat(found).isEqualTo(NEW_TEXTS);
            }
        }
        disk.failAt("nothing", 1);
        assertThat(failures).as("every step failed once").isGreaterThan(12);
        assertThat(file("artifacts.json")).content().doesNotContain("replacing");
    }

    @Test
    void theListSaysWhatComesBeforeTheFirstRename() {
        assertThat(put(OLD_TEXTS)).hasSize(2);
        disk.steps();

        assertThat(put(Map.of(A, "new-a"))).hasSize(1);

        String run = "experiments/churn/run-1";
        assertThat(disk.steps())
                .containsExactly(
                        "sync <staged>",
                        "sync <staged>",
                        "rename to " + run + "/artifacts.json",
                        "sync folder " + run,
                        "rename to " + run + "/artifacts/a.txt",
                        "sync folder " + run + "/artifacts",
                        "sync <staged>",
                        "rename to " + run + "/artifacts.json",
                        "sync folder " + run);
    }

    @Test
    void aListThatOnlyNewerVersionsMayWriteIsRefusedBeforeAnythingIsReplaced() throws IOException {
        assertThat(put(OLD_TEXTS)).hasSize(2);
        Path list = file("artifacts.json");
        ByHand.write(list, Files.readString(list).replace("\"write\": 1", "\"write\": 3"));

        assertThatThrownBy(() -> put(NEW_TEXTS))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("artifacts.json", "format 3");

        assertThat(read()).isEqualTo(OLD_TEXTS);
        assertThat(file("artifacts/new.txt")).doesNotExist();
    }

    @Test
    void aReplacementThatWasCutShortIsSettledByTheNextPut() throws IOException {
        assertThat(put(OLD_TEXTS)).hasSize(2);
        disk.failAt("rename to experiments/churn/run-1/artifacts/sub/b.txt", 1);
        assertThatThrownBy(() -> put(NEW_TEXTS)).isInstanceOf(BackendUnavailableException.class);
        assertThat(file("artifacts.json")).content().contains("replacing");

        assertThat(put(Map.of(NEW, "another"))).hasSize(1);

        assertThat(read()).isEqualTo(Map.of(A, "new-a", B, "old-b", NEW, "another"));
        assertThat(file("artifacts.json")).content().doesNotContain("replacing");
        assertThat(backend.artifacts().list(ID, null, PageRequest.first(10)).items())
                .hasSize(3);
    }

    @Test
    void whatIsInTheWayOfAnArtifactIsNamed() throws IOException {
        Files.createDirectories(file("artifacts/model/sub"));
        Files.writeString(file("artifacts/notes"), "by hand");

        assertThatThrownBy(() -> put(Map.of(RelativePath.of("model"), "x")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("'model'", file("artifacts/model").toString(), "in the way");
        assertThatThrownBy(() -> put(Map.of(RelativePath.of("notes/deep/a.txt"), "x", A, "x")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll(
                        "'notes/deep/a.txt'", file("artifacts/notes").toString(), "in the way");

        assertThat(read()).isEmpty();
        assertThat(put(Map.of(RelativePath.of("model/sub/a.txt"), "x"))).hasSize(1);
    }

    @Test
    void anErrorWhileContentIsReadLeavesNoStagedFile() throws IOException {
        Content fatal = new Content() {
            @Override
            public long bytes() {
                return 1;
            }

            @Override
            public InputStream open() {
                throw new StackOverflowError("too deep");
            }
        };

        assertThatThrownBy(() -> backend.artifacts().put(ID, Map.of(A, Content.text("a"), B, fatal)))
                .isInstanceOf(StackOverflowError.class);

        try (Stream<Path> staged = Files.walk(folder.resolve("store/.staging"))) {
            assertThat(staged.filter(Files::isRegularFile)).isEmpty();
        }
    }
}
