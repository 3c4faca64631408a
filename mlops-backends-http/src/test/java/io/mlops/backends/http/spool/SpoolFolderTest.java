package io.mlops.backends.http.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.FsBackend;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests where the spool lies, who may look into it, and what happens where it cannot be, or is full. */
@Timeout(60)
final class SpoolFolderTest {
    @TempDir
    private Path folder;

    private final Remote server = new Remote();

    @BeforeEach
    @AfterEach
    void forgetWarnings() {
        TestLoggerFactory.clearAll();
    }

    private Path spool() {
        return folder.resolve("spool");
    }

    private Mlops open() {
        return Mlops.using(server, Spools.config(spool()));
    }

    @Test
    void aFullSpoolLetsRunsBeginAtTheServer() {
        try (Mlops mlops = Mlops.using(server, Spools.config(spool()).spoolBytes(0))) {
            RunId id = Spools.record(mlops);
            Spools.assertWhole(server, id);
            assertThat(mlops.delivery().durable())
                    .isEqualTo(mlops.delivery().accepted())
                    .isPositive();
            server.down();
            try (Run run = mlops.tracker().start(RunSpec.of("churn"))) {
                assertThat(mlops.flush(Duration.ZERO)).isFalse();
                assertThat(Spools.waiting(spool())).isEmpty();
                run.metric("loss", 1);
            }
        }
    }

    @Test
    void whatFindsNoRoomBesideAFullSpoolIsCounted() {
        MlopsConfig config = Spools.config(spool())
                .spoolBytes(0)
                .buffers(2)
                .waitWhenFull(Duration.ZERO)
                .closeWithin(Duration.ofMillis(100));
        server.down();
        try (Mlops mlops = Mlops.using(server, config);
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            for (int i = 0; i < 10_000; i++) {
                run.metric("loss", i, i);
            }
            assertThat(mlops.delivery().dropped()).containsOnlyKeys("spool full");
        }
    }

    @Test
    void withoutAFolderRunsGoStraightToTheServer() throws IOException {
        Files.writeString(spool(), "a file");
        try (Mlops mlops = open()) {
            Spools.assertWhole(server, Spools.record(mlops));
            Spools.assertWhole(server, Spools.record(mlops));
        }
        assertThat(Spools.warnings()).hasSize(1).first().asString().contains(spool().toString(), "DROP");
    }

    @Test
    void nobodyElseMayLookIntoTheSpool() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        for (Path path : List.of(folder.resolve("deep/spool"), there)) {
            try (Mlops mlops = Mlops.using(server, Spools.config(path))) {
                Spools.record(mlops);
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aProgramThatOnlyReadsMakesNoFolder() {
        try (Mlops mlops = open()) {
            assertThat(mlops.tracker().search(RunQuery.of()).first(1)).isEmpty();
        }
        assertThat(spool()).doesNotExist();
    }

    @Test
    void theSpoolIsAnOrdinaryStore() {
        server.down();
        RunId id;
        try (Mlops mlops = open()) {
            id = Spools.record(mlops);
        }
        try (FsBackend carried = FsBackend.at(spool().resolve("1/store"));
                Mlops mlops = Mlops.using(carried)) {
            assertThat(mlops.tracker().history(id, "loss").stream()).hasSize(2500);
        }
    }
}
