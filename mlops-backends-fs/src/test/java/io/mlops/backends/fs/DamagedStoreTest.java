package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelLoader;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were damaged, lost or added: what is wrong is named, everything else goes on. */
@QuietExtension.Warned
final class DamagedStoreTest {
    private static final ModelLoader<String> TEXT = files -> Files.readString(files.path("sub/model.txt"));

    private final TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);

    @TempDir
    private Path folder;

    private Mlops mlops;
    private ModelVersion version;

    @BeforeEach
    void makeStore() throws IOException {
        log.clearAll();
        mlops = Mlops.open("file:" + folder.resolve("store"));
        Files.createDirectories(folder.resolve("model/sub"));
        Files.writeString(folder.resolve("model/sub/model.txt"), "weights");
        version = mlops.registry().register(ModelSpec.of("churn", folder.resolve("model")));
        mlops.registry().move(AliasMove.of("churn@champion", version.id()));
        for (int i = 0; i < 3; i++) {
            mlops.tracker().run(RunSpec.of("churn").id("run-" + i), run -> {
                run.metric("loss", 1);
                run.artifacts().putText("a.txt", "hello");
            });
        }
        // A second opening has nothing in memory.
        mlops.close();
        mlops = Mlops.open("file:" + folder.resolve("store"));
    }

    @AfterEach
    void close() {
        mlops.close();
    }

    private Path file(String path) {
        return folder.resolve("store").resolve(path);
    }

    private void overwrite(Path file, String text) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ByHand.write(file, text);
    }

    private void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(file, bytes);
    }

    private static String sha256(String text) {
        return Digest.sha256(ContentCopy.sha256().digest(text.getBytes(StandardCharsets.UTF_8)))
                .hex();
    }

    private Stream<RunId> found() {
        return mlops.tracker().search(RunQuery.of("churn")).stream().map(RunInfo::id);
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> mlops.serving().load("churn/1", TEXT))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void aFlippedBitInAModelFileIsRefusedNamingTheFile() throws IOException {
        flip(file("models/churn/1/sub/model.txt"), 3);

        assertRefused("sub/model.txt", "churn/1", "sha256");
    }

    @Test
    void everyFlippedBitOfAVersionIsRefused() throws IOException {
        for (String name : new String[] {"sub/model.txt", "MLmodel"}) {
            Path file = file("models/churn/1/" + name);
            for (int at = 0; at < Files.size(file); at++) {
                flip(file, at);
                assertRefused(name);
                flip(file, at);
            }
        }
        try (var churn = mlops.serving().load("churn/1", TEXT)) {
            assertThat(churn.<String, RuntimeException>call(model -> model)).isEqualTo("weights");
        }
    }

    @Test
    void aShortenedALongerAndAMissingModelFileAreRefused() throws IOException {
        Path file = file("models/churn/1/sub/model.txt");
        overwrite(file, "weight");
        assertRefused("sub/model.txt", "6", "7");
        overwrite(file, "weights!");
        assertRefused("sub/model.txt", "more than 7");
        Files.delete(file);
        assertRefused("sub/model.txt", "gone");
    }

    @Test
    void aManifestThatWasChangedIsRefused() throws IOException {
        Path manifest = file("models/churn/1/version.json");
        String text = Files.readString(manifest);
        overwrite(manifest, text.replace(sha256("weights"), sha256("another")));
        overwrite(file("models/churn/1/sub/model.txt"), "another");

        assertRefused("churn/1", "manifest was changed");
    }

    @Test
    void anAddedFileIsRefusedUnlessPythonLeftIt() throws IOException {
        Files.createDirectories(file("models/churn/1/code/__pycache__"));
        Files.writeString(file("models/churn/1/code/__pycache__/a.pyc"), "x");
        Files.writeString(file("models/churn/1/registered_model_meta"), "x");
        try (var churn = mlops.serving().load("churn/1", files -> {
            try (Stream<Path> handed = Files.walk(files.folder())) {
                return handed.filter(Files::isRegularFile).count();
            }
        })) {
            assertThat(churn.<Long, RuntimeException>call(count -> count))
                    .as("never handed on")
                    .isEqualTo(2);
        }

        Files.writeString(file("models/churn/1/evil.py"), "import os");

        assertRefused("evil.py", "churn/1");
    }

    @Test
    void anAliasToAMissingVersionSaysWhichOne() throws IOException {
        Files.move(file("models/churn/1"), folder.resolve("moved away"));

        assertThatThrownBy(() -> mlops.serving().load("churn@champion", TEXT))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("churn@champion", "churn/1", "not there");
    }

    @Test
    void aDamagedAliasIsNotAnOlderOne() throws IOException {
        mlops.registry().move(AliasMove.remove("churn@champion"));
        overwrite(file("registry/churn/aliases-00000002.json"), "{\"format\"");

        assertThatThrownBy(() -> mlops.serving().load("churn@champion", TEXT))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("aliases-00000002.json");
        assertThat(mlops.registry().get("churn/1")).isEqualTo(version);
    }

    @Test
    void aDamagedRunHidesNoOther() throws IOException {
        overwrite(file("experiments/churn/run-1/run.json"), "{\"format\": {\"read\": 1, \"write\": 1}, \"id\": ");
        Files.createDirectories(file("experiments/churn/begun-and-aborted"));
        Files.writeString(file("experiments/churn/.DS_Store"), "x");

        assertThat(found()).containsExactlyInAnyOrder(new RunId("run-0"), new RunId("run-2"));
        assertThat(found()).hasSize(2);

        assertThatThrownBy(() -> mlops.tracker().get(new RunId("run-1")))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("run-1", "run.json");
        assertThat(log.getAllLoggingEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("run-1", "run.json"));
    }

    @Test
    void aDamagedExperimentKeepsItsRunsReadable() throws IOException {
        overwrite(file("experiments/churn/experiment.json"), "{");

        assertThat(mlops.tracker().get(new RunId("run-0")).experiment()).isEqualTo("churn");
        assertThat(mlops.tracker().experiments().list().stream()).isEmpty();
        mlops.tracker().run("churn", run -> run.metric("loss", 2));
        assertThat(found()).hasSize(4);
    }

    @Test
    void aDamagedArtifactIsReportedWhenItIsRead() throws IOException {
        Path artifact = file("experiments/churn/run-0/artifacts/a.txt");
        flip(artifact, 0);

        assertThatThrownBy(() -> mlops.tracker()
                        .artifacts(new RunId("run-0"))
                        .open("a.txt")
                        .readAllBytes())
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("a.txt", "run-0");
        assertThatThrownBy(() -> mlops.tracker().artifacts(new RunId("run-0")).download("", folder.resolve("copy")))
                .isInstanceOf(CorruptDataException.class);
        assertThat(folder.resolve("copy/a.txt")).doesNotExist();
        Files.delete(artifact);
        assertThatThrownBy(() -> mlops.tracker().artifacts(new RunId("run-0")).open("a.txt"))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("gone");
        assertThat(mlops.tracker().artifacts(new RunId("run-1")).open("a.txt").readAllBytes())
                .asString()
                .isEqualTo("hello");
    }

    @Test
    void acknowledgedPointsThatAreGoneAreReported() throws IOException {
        mlops.tracker().change(new RunId("run-0"), new RunFact.Tagged("a", "b"));
        try (Stream<Path> files = Files.list(file("experiments/churn/run-0"))) {
            Path events = files.filter(f -> f.toString().endsWith(".tfevents"))
                    .findFirst()
                    .orElseThrow();
            Files.write(events, new byte[10]);
        }

        mlops.tracker().change(new RunId("run-0"), new RunFact.Tagged("a", "c"));

        assertThat(log.getAllLoggingEvents())
                .anySatisfy(event -> assertThat(event.getFormattedMessage()).contains("acknowledged data is missing"));
    }

    @Test
    void aRunThatAPowerCutLeftEmptyIsBegunAgain() throws IOException {
        Files.createDirectories(file("experiments/churn/job-1"));
        Files.createFile(file("experiments/churn/job-1/run.json"));
        assertThat(mlops.tracker().find(new RunId("job-1"))).isEmpty();
        assertThat(found()).hasSize(3);

        mlops.tracker().run(RunSpec.of("churn").id("job-1"), run -> run.metric("loss", 2));

        assertThat(mlops.tracker().get(new RunId("job-1")).metric("loss")).isEqualTo(2);
    }

    @Test
    void aRunThatIsRemovedWhileItIsRecordedIsGivenUp() throws IOException {
        try (var run = mlops.tracker().start(RunSpec.of("churn").id("doomed"))) {
            run.metric("loss", 1);
            assertThat(run.flush(Duration.ofSeconds(20))).isTrue();
            new Disk().deleteTree(file("experiments/churn/doomed"));
            run.metric("loss", 2);
            run.complete();
        }

        assertThat(mlops.delivery().dropped()).containsEntry("not found", 1L);
        assertThat(file("experiments/churn/doomed")).as("never half a run").doesNotExist();
    }

    private void assertReportedOnce(String... parts) {
        assertThat(log.getAllLoggingEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains(parts));
    }

    @Test
    void aStrayFileAmongTheModelsHidesNone() throws IOException {
        Files.writeString(file("registry/.DS_Store"), "x");

        for (int i = 0; i < 2; i++) {
            assertThat(mlops.registry().models().stream().map(Model::name)).containsExactly("churn");
        }

        assertReportedOnce(".DS_Store");
    }

    @Test
    void aModelWhoseFolderCannotBeReadHidesNone() throws IOException {
        mlops.registry().register(ModelSpec.of("other", folder.resolve("model")));
        Files.move(file("models/other"), folder.resolve("moved away"));
        Files.writeString(file("models/other"), "no folder, as one that this user may not enter");

        for (int i = 0; i < 2; i++) {
            assertThat(mlops.registry().models().stream().map(Model::name)).containsExactly("churn");
        }

        assertReportedOnce("other");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"key\": \"|\"key\": 1, \"was\": \"",
                "\"digest\": \"sha256:|\"digest\": \"sha256:x",
                "\"datasets\": []|\"datasets\": [\"nothing\"]",
                "\"bytes\":|\"parent\": 99999999999, \"bytes\":"
            })
    void aManifestWithOneWrongFieldHidesNoOther(String change) throws IOException {
        ModelVersion second = mlops.registry().register(ModelSpec.of("churn", folder.resolve("model")));
        Path manifest = file("models/churn/1/version.json");
        String[] fromTo = change.split("\\|", -1);
        String damaged = Files.readString(manifest).replace(fromTo[0], fromTo[1]);
        assertThat(damaged).contains(fromTo[1]);
        overwrite(manifest, damaged);

        assertThat(mlops.registry().versions("churn")).containsExactly(second);
        assertThat(mlops.registry().get("churn#" + second.digest())).isEqualTo(second);
        assertReportedOnce("churn/1");
        assertRefused("churn/1/version.json");
    }

    @Test
    void aDamagedOldRevisionHidesNoOtherMove() throws IOException {
        mlops.registry().move(AliasMove.of("churn@challenger", 1));
        mlops.registry().move(AliasMove.remove("churn@champion"));
        overwrite(file("registry/churn/aliases-00000001.json"), "{");
        Path second = file("registry/churn/aliases-00000002.json");
        overwrite(second, Files.readString(second).replace("\"to\": 1", "\"to\": 4294967297"));

        assertThat(mlops.registry().history("churn"))
                .singleElement()
                .satisfies(event -> assertThat(event.before()).isEqualTo(1));
        assertThat(log.getAllLoggingEvents()).hasSize(2);
        assertThat(mlops.registry().get("churn/1")).isEqualTo(version);
        assertThat(mlops.registry().findModel("churn").orElseThrow().aliases()).containsOnlyKeys("challenger");
    }

    @Test
    void aDamagedNewestRevisionHidesNoVersionAndNoOtherModel() throws IOException {
        mlops.registry().register(ModelSpec.of("other", folder.resolve("model")));
        Path newest = file("registry/churn/aliases-00000001.json");
        overwrite(newest, Files.readString(newest).replace("\"version\": 1", "\"version\": 4294967297"));

        assertThat(mlops.registry().versions("churn")).containsExactly(version);
        assertThat(mlops.registry().history("churn")).hasSize(1);
        assertThat(mlops.registry().models().stream().map(Model::name)).containsExactly("other");
        assertThatThrownBy(() -> mlops.registry().findModel("churn"))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("aliases-00000001.json");
    }

    @Test
    void aDamagedModelFileHidesNoVersionAndNoMove() throws IOException {
        overwrite(file("registry/churn/model.json"), "{");

        assertThat(mlops.registry().versions("churn")).containsExactly(version);
        assertThat(mlops.registry().history("churn")).hasSize(1);
        assertThat(mlops.registry().get("churn@champion")).isEqualTo(version);
        assertThatThrownBy(() -> mlops.registry().findModel("churn"))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("model.json");
        mlops.registry().move(AliasMove.remove("churn@champion"));
    }
}
