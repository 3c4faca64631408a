package io.mlops.backends.http.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.RunId;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests what becomes of a part that a process left, and of which the next one cannot take everything. */
@Timeout(60)
final class SpoolTakeOverTest {
    @TempDir
    private Path spool;

    private final Remote server = new Remote();

    @BeforeEach
    @AfterEach
    void forgetWarnings() {
        TestLoggerFactory.clearAll();
    }

    private Mlops open() {
        return Mlops.using(server, Spools.config(spool));
    }

    @Test
    void aDamagedRunStaysAndTheOthersComeToTheServer() throws IOException {
        server.down();
        RunId damaged;
        RunId good;
        Mlops first = open();
        Spools.record(first);
        try (Mlops second = open()) {
            damaged = Spools.record(second);
            good = Spools.record(second);
            // So that nobody is there to take over before the damage is done.
            first.close();
        }
        Path run = Spools.waiting(spool).stream()
                .filter(path -> path.endsWith(damaged.value()))
                .findFirst()
                .orElseThrow();
        assertThat(run).startsWith(spool.resolve("2/store"));
        Files.writeString(run.resolve("run.json"), "damaged");
        server.up();

        try (Mlops next = open()) {
            Spools.await("the good run", () -> server.memory().runs().find(good).isPresent());
            Spools.await(
                    "a warning of the part", () -> Spools.warnings().stream().anyMatch(this::isOfThePart));
            Spools.await("only the damaged run", () -> Spools.waiting(spool).equals(List.of(run)));
            assertThat(next.flush(Spools.LONG)).isTrue();
        }

        Spools.assertWhole(server, good);
        assertThat(run.resolve("run.json")).hasContent("damaged");
        assertThat(run.resolve("artifacts/report.txt")).hasContent("all is well");
        assertThat(Spools.warnings().stream().filter(this::isOfThePart)).hasSize(1);
    }

    private boolean isOfThePart(String warning) {
        return warning.contains("is not taken over")
                && warning.contains(spool.resolve("2/store").toString());
    }
}
