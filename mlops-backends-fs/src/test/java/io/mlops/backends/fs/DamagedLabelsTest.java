package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.registry.ModelLoader;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about a version is damaged, and the version itself is not. */
@QuietExtension.Warned
final class DamagedLabelsTest {
    private static final ModelSpec MODEL = ModelSpec.of("churn", "model.txt", Content.text("weights"));
    private static final ModelLoader<String> TEXT = files -> Files.readString(files.path("model.txt"));

    private final TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);

    @TempDir
    private Path folder;

    private Mlops mlops;
    private ModelVersion version;
    private Path labels;

    @BeforeEach
    void makeModel() {
        log.clearAll();
        mlops = Mlops.open("file:" + folder.resolve("store"));
        labels = folder.resolve("store/registry/churn/versions/1.json");
        version = mlops.registry().register(MODEL);
        mlops.registry().move(AliasMove.of("churn@champion", version));
    }

    @AfterEach
    void close() {
        mlops.close();
    }

    private void assertReportedOnce() {
        assertThat(log.getAllLoggingEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("versions/1.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "{\"format\": {\"read\": 1, \"write\": 1}, \"tags\": {}}"})
    void aVersionWhoseLabelsAreDamagedIsAsItWasRegistered(String damage) throws IOException {
        ModelVersion second = mlops.registry().register(MODEL);
        mlops.registry().tag(version.id(), "reviewed", "yes");
        Files.writeString(labels, damage);

        for (int i = 0; i < 2; i++) {
            assertThat(mlops.registry().versions("churn")).containsExactly(second, version);
            assertThat(mlops.registry().get("churn/1")).isEqualTo(version);
            try (var churn = mlops.serving().load("churn@champion", TEXT)) {
                assertThat(churn.<String, RuntimeException>call(model -> model)).isEqualTo("weights");
            }
        }

        assertReportedOnce();
        assertThatThrownBy(() -> mlops.registry().tag(version.id(), "reviewed", "no"))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("versions/1.json");
        assertThat(labels).hasContent(damage);
    }

    @Test
    void aFolderOrAFileInPlaceOfLabelsHidesNoVersion() throws IOException {
        Files.createDirectories(labels);
        assertThat(mlops.registry().get("churn/1")).isEqualTo(version);
        assertReportedOnce();

        Files.delete(labels);
        Files.delete(labels.getParent());
        Files.writeString(labels.getParent(), "x");
        assertThat(mlops.registry().get("churn/1")).isEqualTo(version);
    }
}
