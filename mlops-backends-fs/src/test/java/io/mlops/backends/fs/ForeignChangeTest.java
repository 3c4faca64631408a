package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.Model;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that something else copied, edited, lost or blew up: told once by file, and everything else is there. */
@QuietExtension.Warned
final class ForeignChangeTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RunId ID = new RunId("run-1");

    private final TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);

    @TempDir
    private Path folder;

    private FsBackend store;

    @BeforeEach
    void make() {
        store = FsBackend.at(root());
        for (String run : List.of("run-1", "run-2")) {
            RunId id = new RunId(run);
            store.runs().create(new RunDraft(id, "churn", "a run", NOON, null, Map.of("team", "growth")));
            store.runs().change(id, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON)));
        }
        anew();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void anew() {
        store.close();
        store = FsBackend.at(root());
        log.clearAll();
    }

    private Path root() {
        return folder.resolve("store");
    }

    private Path run(String name) {
        return root().resolve("experiments/churn").resolve(name).resolve("run.json");
    }

    private List<String> found() {
        return store.runs().search(RunQuery.of(), PageRequest.first(100)).items().stream()
                .map(run -> run.id().value())
                .sorted()
                .toList();
    }

    private List<String> experiments() {
        return store.experiments().search("", Visibility.ALL, PageRequest.first(100)).items().stream()
                .map(Experiment::name)
                .toList();
    }

    private List<String> told() {
        return log.getAllLoggingEvents().stream()
                .map(LoggingEvent::getFormattedMessage)
                .toList();
    }

    private void assertToldOnce(Path file) {
        assertThat(told())
                .filteredOn(message -> message.contains(file.toString()))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.split(Pattern.quote(file.toString()), -1))
                            .as(message)
                            .hasSize(2);
                });
    }

    private void copy(String from, String to) throws IOException {
        Path source = root().resolve(from);
        try (Stream<Path> all = Files.walk(source)) {
            for (Path path : all.toList()) {
                Files.copy(
                        path, root().resolve(to).resolve(source.relativize(path).toString()));
            }
        }
    }

    private static void edit(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run-1 copy", "run-3"})
    void aCopyOfARunIsDamageAndTheRunIsListedOnce(String name) throws IOException {
        copy("experiments/churn/run-1", "experiments/churn/" + name);

        assertThat(found()).containsExactly("run-1", "run-2");
        assertThat(found()).containsExactly("run-1", "run-2");
        assertThat(store.runs().find(ID)).isPresent();
        assertToldOnce(run(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"churn copy", "a-copy"})
    void aCopyOfAnExperimentIsDamageAndNothingIsListedTwice(String name) throws IOException {
        copy("experiments/churn", "experiments/" + name);

        assertThat(experiments()).containsExactly("churn");
        assertThat(found()).containsExactly("run-1", "run-2");
        assertThat(store.runs().find(ID).orElseThrow().experiment()).isEqualTo("churn");
        assertToldOnce(root().resolve("experiments").resolve(name).resolve("experiment.json"));
    }

    @Test
    void aCopyOfAModelIsDamageAndOneWithoutItsDocumentIsTold() throws IOException {
        for (String model : List.of("income", "churn")) {
            var unused = store.models()
                    .create(new ModelDraft(
                            "key",
                            model,
                            new TreeMap<>(Map.of(RelativePath.of("m.bin"), Content.text("x"))),
                            null,
                            List.of(),
                            null,
                            null,
                            "",
                            Map.of(),
                            "anna",
                            NOON));
            var unusedMove = store.models().move(AliasMove.of(model + "@champion", 1), "anna", NOON);
        }
        copy("registry/income", "registry/income copy");
        Files.delete(root().resolve("registry/churn/model.json"));

        assertThat(store.models().models(PageRequest.first(9)).items())
                .extracting(Model::name)
                .containsExactly("income");
        assertThat(store.models().find(new ModelVersionId("churn", 1))).isPresent();
        assertThat(told())
                .hasSize(2)
                .anyMatch(message -> message.contains("income copy"))
                .anyMatch(message -> message.contains("registry/churn/model.json"));
    }

    @Test
    void anIdWithAFlippedBitIsNotListedAndNotFound() throws IOException {
        edit(run("run-1"), "\"id\": \"run-1\"", "\"id\": \"run-0\"");

        assertThat(found()).containsExactly("run-2");
        assertThat(store.runs().find(new RunId("run-0"))).isEmpty();
        assertThatThrownBy(() -> store.runs().find(ID))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(run("run-1").toString());
    }

    @Test
    void aDocumentThatSomethingElseChangedIsUsedAndToldOnce() throws IOException {
        edit(run("run-1"), "growth", "basics");

        assertThat(store.runs().find(ID).orElseThrow().tags()).containsEntry("team", "basics");
        assertThat(found()).containsExactly("run-1", "run-2");
        assertToldOnce(run("run-1"));

        store.runs().change(ID, List.of(new RunFact.Tagged("note", "x")));
        anew();
        assertThat(found()).containsExactly("run-1", "run-2");
        assertThat(told()).isEmpty();
    }

    @Test
    void anOlderDocumentWithoutChecksumIsFine() throws IOException {
        try (Stream<Path> all = Files.walk(root())) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".json")).toList()) {
                Files.writeString(file, Files.readString(file).replaceAll(",\n  \"checksum\": \"[^\"]+\"", ""));
            }
        }
        anew();

        assertThat(found()).containsExactly("run-1", "run-2");
        assertThat(told()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ended", "parent", "params", "tags", "inputs", "outputs", "metrics", "id", "name", "started"})
    void aFieldThatIsAlwaysWrittenIsDamageIfItIsMissing(String field) throws IOException {
        edit(run("run-1"), "\"" + field + "\":", "\"x" + field + "\":");

        assertThat(found()).containsExactly("run-2");
        assertThat(told().toString()).contains("'" + field + "'", "missing");
        // Not that it was edited, too: what is left out is not used as it stands.
        assertToldOnce(run("run-1"));
    }

    @Test
    void anExperimentWithoutItsDocumentIsToldAndItsRunsStayReadable() throws IOException {
        Path document = root().resolve("experiments/churn/experiment.json");
        Files.delete(document);

        assertThat(found()).containsExactly("run-1", "run-2");
        assertThat(store.runs()
                        .search(RunQuery.of("churn"), PageRequest.first(9))
                        .items())
                .hasSize(2);
        assertThat(store.runs().find(ID)).isPresent();
        assertToldOnce(document);
    }

    @Test
    void aDocumentThatIsTooLongIsLeftOut() throws IOException {
        long bytes = Runtime.getRuntime().maxMemory() / 5 + 1;
        try (RandomAccessFile file = new RandomAccessFile(run("run-1").toFile(), "rw")) {
            file.setLength(bytes);
        }

        assertThat(found()).containsExactly("run-2");
        assertThatThrownBy(() -> store.runs().find(ID))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll(run("run-1").toString(), Long.toString(bytes));
        assertToldOnce(run("run-1"));
    }

    @Test
    void theEmptyFolderOfAKilledStartIsRemovedInTime() throws IOException {
        Path old = Files.createDirectory(root().resolve("experiments/churn/run-8"));
        Path young = Files.createDirectory(root().resolve("experiments/churn/run-9"));
        Path notes = Files.createDirectory(root().resolve("experiments/churn/notes"));
        Files.writeString(notes.resolve("a.txt"), "mine");
        FileTime daysAgo = FileTime.from(Instant.now().minusSeconds(3 * 86_400));
        Files.setLastModifiedTime(old, daysAgo);
        Files.setLastModifiedTime(notes, daysAgo);

        assertThat(found()).containsExactly("run-1", "run-2");

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(notes.resolve("a.txt")).exists();
    }
}
