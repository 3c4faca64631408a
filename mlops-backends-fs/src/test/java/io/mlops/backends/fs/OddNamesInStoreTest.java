package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that no version of this library gave: nothing spins, what is sound is found, and the odd one is named. */
@QuietExtension.Warned
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OddNamesInStoreTest {
    private final TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);

    @TempDir
    private Path folder;

    private Mlops mlops;

    @BeforeEach
    void makeStore() throws IOException {
        mlops = Mlops.open("file:" + folder.resolve("store"));
        Files.writeString(folder.resolve("model.bin"), "weights");
        mlops.registry().move(AliasMove.of("m@champion", register().id()));
        log.clearAll();
    }

    @AfterEach
    void close() {
        mlops.close();
    }

    private ModelVersion register() {
        return mlops.registry().register(ModelSpec.of("m", folder.resolve("model.bin")));
    }

    private Path file(String path) {
        return folder.resolve("store").resolve(path);
    }

    private void assertReported(String name) {
        assertThat(log.getAllLoggingEvents())
                .as("once for each name")
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.getFormattedMessage()).contains(name));
    }

    private void assertChampion(int number) {
        assertThat(mlops.registry().get("m@champion").number()).isEqualTo(number);
        assertThat(mlops.registry().findModel("m").orElseThrow().aliases()).containsEntry("champion", number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "fa-IR", "th-TH-u-nu-thai", "hi-IN-u-nu-deva"})
    void namesHoldTheSameDigitsInEveryLanguage(String tag) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(tag));
        try {
            mlops.registry().move(AliasMove.of("m@champion", register().id()));
            mlops.registry().move(AliasMove.of("m@other", 1));
        } finally {
            Locale.setDefault(before);
        }

        assertThat(file("registry/m/aliases-00000003.json")).exists();
        assertChampion(2);
        assertThat(mlops.registry().history("m")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aliases-000000002.json",
                "aliases-9999999999999999999.json",
                "aliases-999999999999999999.json",
                "aliases-00000007.json",
                "aliases-00000002.json.orig"
            })
    void aFileThatIsNoRevisionIsLeftOut(String name) throws IOException {
        register();
        Files.writeString(file("registry/m/" + name), "{}");

        assertChampion(1);
        mlops.registry().move(AliasMove.of("m@champion", 2));

        assertChampion(2);
        assertReported(name);
    }

    @Test
    void aFileThatSaysItIsTheLastRevisionOfAllEndsTheMoves() throws IOException {
        String name = "aliases-999999999999999999.json";
        String first = Files.readString(file("registry/m/aliases-00000001.json"));
        Files.writeString(
                file("registry/m/" + name), first.replace("\"revision\": 1", "\"revision\": 999999999999999999"));

        assertChampion(1);
        assertThatThrownBy(() -> mlops.registry().move(AliasMove.of("m@champion", 1)))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll(name, "in the way");
    }

    @Test
    void aLinkToNothingIsInTheWayOfTheNextMoveOnly() throws IOException {
        Path link = file("registry/m/aliases-00000002.json");
        Files.createSymbolicLink(link, folder.resolve("nothing"));

        assertChampion(1);
        assertThat(mlops.registry().versions("m")).hasSize(1);
        assertThatThrownBy(() -> mlops.registry().move(AliasMove.of("m@champion", 1)))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll(link.toString(), "in the way");

        Files.delete(link);
        mlops.registry().move(AliasMove.of("m@champion", 1));
        assertChampion(1);
    }

    @Test
    void aFolderWithTheGreatestNumberOfAllTakesNoTurn() throws IOException {
        Files.createDirectories(file("models/m/999999999/sub"));

        assertThat(mlops.registry().get("m@latest").number()).isEqualTo(1);
        assertThat(register().number()).isEqualTo(2);
        assertThat(mlops.registry().versions("m").stream().map(ModelVersion::number))
                .containsExactly(2, 1);
        assertReported("999999999");
    }

    @Test
    void aVersionWithTheGreatestNumberOfAllIsTheLast() throws IOException {
        Files.move(file("models/m/1"), file("models/m/999999999"));

        assertThat(mlops.registry().get("m@latest").number()).isEqualTo(999_999_999);
        assertThatThrownBy(this::register)
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("999999999", "in the way");
    }

    @Test
    void anEmptyFolderHidesNoVersionAndGivesItsNumberAway() throws IOException {
        Files.createDirectory(file("models/m/2"));

        assertThat(mlops.registry().get("m@latest").number()).isEqualTo(1);
        assertThat(mlops.registry().versions("m")).hasSize(1);
        assertThat(register().number()).isEqualTo(2);
        assertThat(mlops.registry().get("m@latest").number()).isEqualTo(2);
    }

    @Test
    void whatIsNoVersionKeepsItsNumber() throws IOException {
        Files.writeString(file("models/m/2"), "a file");
        Files.createSymbolicLink(file("models/m/3"), folder.resolve("nothing"));
        Files.createDirectories(file("models/m/4"));
        Files.writeString(file("models/m/4/model.bin"), "half a copy");
        Files.createDirectories(file("models/m/5"));
        Files.copy(file("models/m/1/version.json"), file("models/m/5/version.json"));
        String manifest = Files.readString(file("models/m/5/version.json"));
        Files.delete(file("models/m/5/version.json"));
        Files.writeString(
                file("models/m/5/version.json"), manifest.replace("\"model\": \"m\"", "\"model\": \"other\""));

        assertThat(mlops.registry().get("m@latest").number()).isEqualTo(1);
        assertThat(register().number()).isEqualTo(6);
        assertThat(mlops.registry().versions("m").stream().map(ModelVersion::number))
                .containsExactly(6, 1);
        assertThat(mlops.registry().get("m@latest").number()).isEqualTo(6);
    }

    @Test
    void aModelThatWasRemovedByHandIsForgotten() throws IOException {
        ModelVersion old = mlops.registry().get("m/1");
        Disk disk = new Disk();
        disk.deleteTree(file("models/m"));
        disk.deleteTree(file("registry/m"));
        assertThat(mlops.registry().find(VersionReference.parse("m/1"))).isEmpty();
        Files.writeString(folder.resolve("model.bin"), "better weights");

        ModelVersion made = register();

        assertThat(made.number()).isEqualTo(1);
        assertThat(mlops.registry().get("m/1")).isEqualTo(made).isNotEqualTo(old);
        assertThat(mlops.registry().findModel("m").orElseThrow().aliases()).isEmpty();
    }

    @Test
    void aModelThatWasRemovedByHandAndMadeAnewIsDurable() throws IOException {
        TracingDisk disk = new TracingDisk(folder.resolve("traced"));
        try (Mlops traced = Mlops.using(FsBackend.at(folder.resolve("traced"), disk))) {
            ModelSpec spec = ModelSpec.of("m", folder.resolve("model.bin"));
            traced.registry().register(spec);
            disk.deleteTree(folder.resolve("traced/models/m"));
            disk.deleteTree(folder.resolve("traced/registry/m"));
            disk.steps();

            traced.registry().register(spec);

            assertThat(disk.steps()).contains("sync folder models", "sync folder registry", "sync folder models/m");
        }
    }
}
