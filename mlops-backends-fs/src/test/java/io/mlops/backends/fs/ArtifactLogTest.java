package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log in which a long list of artifacts goes on, when it is damaged, cut short, or none. */
final class ArtifactLogTest extends ManyArtifactsStore {
    private final TestLogger damage = TestLoggerFactory.getTestLogger(DamageLog.class);

    @Test
    void aLineThatAKillCutShortCostsNothingElse() throws IOException {
        putTogether(0, 60);
        put(60, 62);
        byte[] log = Files.readAllBytes(file("artifacts-1.log"));
        int second = new String(log, StandardCharsets.UTF_8).indexOf('\n') + 1;
        byte[] base = Files.readAllBytes(file("artifacts.json"));
        for (int length = second; length < log.length; length += 17) {
            for (int zeros : new int[] {0, 30}) {
                Files.write(file("artifacts.json"), base);
                Files.write(file("artifacts-1.log"), Arrays.copyOf(Arrays.copyOf(log, length), length + zeros));
                try (FsBackend next = FsBackend.at(folder.resolve("store"))) {
                    assertThat(list(next)).isEqualTo(names(61));
                    put(next, name(61), "again");
                    assertThat(list(next)).isEqualTo(names(62));
                    put(next, "step/00062.txt", "x");
                }
                assertThat(listAnew()).isEqualTo(names(63));
            }
        }
    }

    @Test
    @QuietExtension.Warned
    void aDamagedLineIsToldOnceAndTheOthersAreRead() throws IOException {
        putTogether(0, 60);
        put(60, 63);
        byte[] log = Files.readAllBytes(file("artifacts-1.log"));
        log[log.length / 2] ^= 4;
        Files.write(file("artifacts-1.log"), log);

        try (FsBackend other = FsBackend.at(folder.resolve("store"))) {
            assertThat(list(other)).hasSize(62).doesNotContain(name(61));
            assertThat(list(other)).hasSize(62);
        }
        assertThat(damage.getAllLoggingEvents())
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.getFormattedMessage()).contains("artifacts-1.log", "damaged"));
    }

    @Test
    @QuietExtension.Warned
    void aLogThatIsCutUnderAReaderIsTold() throws IOException {
        putTogether(0, 60);
        put(60, 63);
        assertThat(list(backend)).hasSize(63);

        Files.delete(file("artifacts-1.log"));

        assertThat(list(backend)).isEqualTo(names(60));
        assertThat(damage.getAllLoggingEvents())
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.getFormattedMessage())
                        .contains("artifacts-1.log", "acknowledged data is missing"));
        put(60, 61);
        assertThat(listAnew()).isEqualTo(names(61));
    }

    @Test
    void aLogThatIsNoFileIsNeitherReadNorWritten() throws Exception {
        putTogether(0, 60);
        Path log = file("artifacts-1.log");
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "");
        List<ThrowingMaker> makers = List.of(
                () -> Files.createSymbolicLink(log, elsewhere),
                () -> Files.createSymbolicLink(log, folder.resolve("nothing")),
                () -> Files.createDirectory(log),
                () -> Pipe.at(log));
        for (ThrowingMaker maker : makers) {
            var unused = maker.make();
            assertThatThrownBy(() -> put(60, 61))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("artifacts-1.log");
            assertThatThrownBy(() -> list(backend)).isInstanceOf(CorruptDataException.class);
            Files.delete(log);
        }
        assertThat(elsewhere).isEmptyFile();
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    private interface ThrowingMaker {
        Path make() throws Exception;
    }

    @Test
    void aLogOfAnotherNameIsDamage() throws IOException {
        putTogether(0, 60);
        String list = Files.readString(file("artifacts.json"));
        ByHand.write(file("artifacts.json"), list.replace("artifacts-1.log", "../run-2/artifacts-1.log"));

        assertThatThrownBy(() -> list(backend))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("artifacts.json", "'log'");
    }

    @Test
    void aLogOfAnOlderListCountsForNothing() throws IOException {
        putTogether(0, 60);
        put(60, 61);
        String old = Files.readString(file("artifacts.json"));
        putTogether(61, 200);
        put(backend, name(200), "of the second log");
        ByHand.write(file("artifacts.json"), old);

        assertThat(list(backend)).isEqualTo(names(61));
        putTogether(61, 200);

        assertThat(listAnew()).isEqualTo(names(200));
        assertThat(file("artifacts.json")).content().contains("artifacts-3.log");
    }

    @Test
    void aReplacementInALongListIsOldOrNewWhateverStepFails() throws IOException {
        putTogether(0, 60);
        put(60, 62);
        boolean failed = true;
        int failures = 0;
        while (failed) {
            put(backend, name(61), "old");
            disk.failAt("", ++failures);
            try {
                put(backend, name(61), "new");
                failed = false;
            } catch (BackendUnavailableException e) {
                assertThat(e.maybeDone()).isTrue();
            }
            try (FsBackend other = FsBackend.at(folder.resolve("store"))) {
                ArtifactEntry entry =
                        other.artifacts().find(ID, RelativePath.of(name(61))).orElseThrow();
                assertThat(read(other, name(61))).isIn("old", "new").hasSize((int) entry.bytes());
                assertThat(list(other)).isEqualTo(names(62));
            }
        }
        disk.failAt("nothing", 1);
        assertThat(failures).isGreaterThan(5);
        assertThat(read(backend, name(61))).isEqualTo("new");
    }

    @Test
    void appendingIsNotSeenByHalf() throws IOException {
        putTogether(0, 60);
        put(60, 61);
        byte[] line = Files.readAllBytes(file("artifacts-1.log"));
        Files.write(file("artifacts-1.log"), Arrays.copyOf(line, 50), StandardOpenOption.APPEND);

        assertThat(list(backend)).isEqualTo(names(61));
    }
}
