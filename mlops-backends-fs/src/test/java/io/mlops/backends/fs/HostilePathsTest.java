package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.quiet.QuietExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links, pipes and names that somebody planted in a store: nothing is written elsewhere, and nobody waits for ever. */
@QuietExtension.Warned
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostilePathsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RunId ID = new RunId("run-1");

    @TempDir
    private Path folder;

    private FsBackend store;

    @BeforeEach
    void make() {
        store = FsBackend.at(root());
        create("run-1");
        store.runs().change(ID, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON)));
        store.close();
        store = FsBackend.at(root());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Path root() {
        return folder.resolve("store");
    }

    private Path elsewhere() {
        return folder.resolve("elsewhere");
    }

    private void create(String run) {
        store.runs().create(new RunDraft(new RunId(run), "churn", "a run", NOON, null, Map.of()));
    }

    private void tag(String value) {
        store.runs().change(ID, List.of(new RunFact.Tagged("team", value)));
    }

    private List<String> found() {
        return store.runs().search(RunQuery.of(), PageRequest.first(100)).items().stream()
                .map(run -> run.id().value())
                .toList();
    }

    private void linkElsewhere(String path) throws IOException {
        Path linked = root().resolve(path);
        Files.move(linked, elsewhere());
        Files.createSymbolicLink(linked, elsewhere());
    }

    private static void pipe(Path path) throws IOException {
        Files.deleteIfExists(path);
        Files.createDirectories(path.getParent());
        Process made = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
        assertThat(made.onExit().join().exitValue()).isZero();
    }

    private String tree(Path place) throws IOException {
        StringBuilder tree = new StringBuilder();
        try (Stream<Path> all = Files.walk(place).sorted()) {
            for (Path path : all.toList()) {
                tree.append(path).append(Files.isRegularFile(path) ? Files.readString(path) : "");
            }
        }
        return tree.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"store.lock", "experiments/churn/run-1", "experiments/churn", "experiments", ".staging", ".live"
            })
    void nothingIsWrittenThroughALink(String path) throws IOException {
        linkElsewhere(path);
        String before = tree(elsewhere());

        assertThatThrownBy(() -> tag("growth"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll(path, "link");
        if (!path.endsWith("run-1")) {
            assertThatThrownBy(() -> {
                        create("run-2");
                        store.experiments().change("churn", new ExperimentChange.Deleted(), NOON);
                    })
                    .isInstanceOf(RefusedException.class);
        }
        assertThat(found()).contains("run-1");
        store.close();
        assertThat(tree(elsewhere())).isEqualTo(before);
    }

    @Test
    void aPipeInPlaceOfTheLockIsRefused() throws IOException {
        pipe(root().resolve("store.lock"));

        assertThatThrownBy(() -> tag("growth"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("store.lock");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "experiments/churn/run-2/run.json",
                "experiments/churn/run-2",
                "experiments/churn/changes.log",
                "experiments/churn/index-v1.bin",
                "experiments/other/experiment.json",
                "experiments/other",
                ".trash",
                ".trash/runs",
                ".trash/runs/churn"
            })
    void aPipeInPlaceOfAFileOrFolderHangsNobody(String path) throws IOException {
        pipe(root().resolve(path));

        assertThat(found()).containsExactly("run-1");
        assertThat(store.runs().find(ID)).isPresent();
        assertThat(store.runs().find(new RunId("none"))).isEmpty();
        assertThat(store.experiments()
                        .search("", Visibility.ALL, PageRequest.first(10))
                        .items())
                .hasSize(1);
        tag("growth");
        try {
            store.runs().change(ID, List.of(new RunChange.Deleted(NOON)));
            var unused = store.experiments().purge(NOON.plusSeconds(1));
        } catch (MlopsException inTheWay) {
            assertThat(inTheWay).hasMessageContaining(".trash");
        }
    }

    @Test
    void aPipeInPlaceOfAnOwnersFileIsOfNobodyThatLives() throws IOException {
        create("run-2");
        Path document = root().resolve("experiments/churn/run-2/run.json");
        String text = Files.readString(document);
        String owner = text.replaceAll("(?s).*\"owner\": \"([^\"]+)\".*", "$1");
        String[] parts = owner.split("-", -1);
        String other = parts[0] + "-" + parts[1] + "-00000001-00000002";
        Files.writeString(document, text.replace(owner, other));
        pipe(root().resolve(".live/" + other + ".lock"));

        assertThat(store.runs().find(new RunId("run-2")).orElseThrow().orphaned())
                .isTrue();
        store.close();
        store = FsBackend.at(root());
        create("run-3");
        assertThat(root().resolve(".live/" + other + ".lock")).doesNotExist();
    }

    @Test
    void aLineOfTheLogThatIsNoFolderOfTheExperimentCountsForNothing() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside/run-9"));
        Files.copy(root().resolve("experiments/churn/run-1/run.json"), outside.resolve("run.json"));
        assertThat(found()).containsExactly("run-1");
        String lines =
                "\n+\0\n-\0\n+" + outside + "\n-" + outside + "\n+../../../outside/run-9\n-../../../outside/run-9"
                        + "\n-..\n-.\n-\n+" + "x".repeat(5000) + "\n-a\\b\n-\u00e9\n";
        Files.writeString(root().resolve("experiments/churn/changes.log"), lines);

        assertThat(found()).containsExactly("run-1");
        try (FsBackend other = FsBackend.at(root())) {
            assertThat(other.runs()
                            .search(RunQuery.of("churn"), PageRequest.first(9))
                            .items())
                    .hasSize(1);
        }
        tag("growth");
        assertThat(found()).containsExactly("run-1");
    }
}
