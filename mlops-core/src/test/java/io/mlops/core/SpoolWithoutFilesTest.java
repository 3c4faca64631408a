package io.mlops.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** Tests a store across a network where nothing is on the class path that could keep things on their way. */
final class SpoolWithoutFilesTest {
    private final TestLogger log = TestLoggerFactory.getTestLogger(SpoolFolder.class);

    @TempDir
    private Path folder;

    @AfterEach
    void forgetWarnings() {
        TestLoggerFactory.clearAll();
    }

    /** Somebody's backend that lies across a network. */
    private record Server(MemoryBackend memory) implements Backend {
        @Override
        public BackendInfo info() {
            return new BackendInfo("https://mlflow.example.com", Set.of());
        }

        @Override
        public ExperimentStore experiments() {
            return memory.experiments();
        }

        @Override
        public RunStore runs() {
            return memory.runs();
        }

        @Override
        public ArtifactStore artifacts() {
            return memory.artifacts();
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @Test
    void runsGoStraightThereAfterOneWarningThatNamesWhatToAdd() {
        Path spool = folder.resolve("spool");
        MemoryBackend memory = new MemoryBackend();
        try (Mlops mlops = Mlops.using(
                new Server(memory), MlopsConfig.standard().records(Set.of()).spool(spool))) {
            RunId first = mlops.tracker().run("churn", run -> run.metric("loss", 1));
            RunId second = mlops.tracker().run("churn", run -> run.metric("loss", 1));

            assertThat(memory.runs().get(first).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(memory.runs().get(second).metric("loss")).isEqualTo(1);
            assertThat(mlops.delivery().durable()).isEqualTo(2);
        }
        assertThat(log.getAllLoggingEvents())
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .hasSize(1)
                .first()
                .asString()
                .contains("io.mlops:mlops-backends-fs", "DROP");
        assertThat(spool).doesNotExist();
    }

    @Test
    void eachStoreHasAFolderOfItsOwnWithoutCredentials() {
        assertThat(SpoolFolder.standard("https://mlflow.example.com/team").toString())
                .startsWith(Path.of(System.getProperty("user.home"), ".mlops", "spool", "mlflow.example.com-")
                        .toString());
        assertThat(SpoolFolder.standard("https://mlflow.example.com/team"))
                .isNotEqualTo(SpoolFolder.standard("https://mlflow.example.com/other"));
        assertThat(SpoolFolder.standard("memory").getFileName().toString()).startsWith("memory-");
    }
}
