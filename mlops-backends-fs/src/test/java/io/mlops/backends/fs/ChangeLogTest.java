package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A reader that has the store open sees the next time what others change, whatever becomes of the log or the writer. */
final class ChangeLogTest extends SearchedStore {
    private Path log() {
        return experiment.resolve("changes.log");
    }

    @Test
    void aLogThatIsCutOrDeletedChangesNothing() throws IOException {
        var unused = searchAnew();
        for (int i = 0; i < 5; i++) {
            change(i, new RunFact.Tagged("team", "other " + i));
        }
        List<List<RunInfo>> sound = searchAnew();
        byte[] bytes = Files.readAllBytes(log());
        assertThat(bytes).isNotEmpty();

        try (FsBackend watching = open()) {
            for (int at = bytes.length; at >= 0; at--) {
                Files.write(log(), Arrays.copyOf(bytes, at));
                assertThat(search(watching)).as("open, cut at %d", at).isEqualTo(sound);
                if (at % 10 == 0) {
                    assertThat(searchAnew()).as("cut at %d", at).isEqualTo(sound);
                }
            }
            Files.delete(log());
            change(7, new RunFact.Tagged("team", "after all"));
            assertThat(seen(watching, 7).tags()).containsEntry("team", "after all");
            assertThat(search(watching)).isEqualTo(searchAnew());
        }
    }

    /** A writer that dies in the midst of a change, at which a reader looks just before. */
    private static final class DyingDisk extends Disk {
        private final Runnable look;
        private final boolean afterwards;

        DyingDisk(Runnable look, boolean afterwards) {
            this.look = look;
            this.afterwards = afterwards;
        }

        @Override
        public void replace(Path staged, Path target) throws IOException {
            if (!target.endsWith("run.json")) {
                super.replace(staged, target);
                return;
            }
            look.run();
            if (afterwards) {
                super.replace(staged, target);
            }
            throw new Killed();
        }
    }

    @SuppressWarnings("serial")
    private static final class Killed extends Error {}

    @Test
    void whatADyingWriterChangedIsSeen() throws IOException {
        try (FsBackend reader = open()) {
            var unused = search(reader);
            for (boolean afterwards : new boolean[] {false, true}) {
                DyingDisk disk =
                        new DyingDisk(() -> assertThat(seen(reader, 3).name()).isEqualTo("run 3"), afterwards);
                try (FsBackend dying = FsBackend.at(folder.resolve("store"), disk)) {
                    assertThatThrownBy(() -> dying.runs().change(id(3), List.of(new RunFact.Renamed("changed"))))
                            .isInstanceOf(Killed.class);
                }
                assertThat(seen(reader, 3).name()).isEqualTo(afterwards ? "changed" : "run 3");
                assertThat(search(reader)).isEqualTo(searchAnew());
            }
        }
    }

    @Test
    void aLogThatMayNotBeWrittenIsBegunAnew() throws IOException {
        change(1, new RunFact.Tagged("team", "first"));
        Disk denying = new Disk() {
            @Override
            public long append(Path file, byte[] bytes) throws IOException {
                throw new AccessDeniedException(file.toString());
            }
        };
        try (FsBackend reader = open();
                FsBackend other = FsBackend.at(folder.resolve("store"), denying)) {
            var unused = search(reader);
            other.runs().change(id(8), List.of(new RunFact.Tagged("team", "by another user")));

            assertThat(seen(reader, 8).tags()).containsEntry("team", "by another user");
        }
    }

    @Test
    void theLogDoesNotGrowForEver() throws IOException {
        try (FsBackend reader = open()) {
            change(1, new RunFact.Tagged("team", "first"));
            Files.write(log(), new byte[2 << 20]);
            var unused = search(reader);
            change(8, new RunFact.Tagged("team", "later"));

            assertThat(seen(reader, 8).tags()).containsEntry("team", "later");
            change(9, new RunFact.Tagged("team", "later still"));
            assertThat(seen(reader, 9).tags()).containsEntry("team", "later still");
            assertThat(Files.size(log())).isLessThan(1000);
        }
    }

    @Test
    void aLogThatCannotBeReadKeepsNoSearchFromItsRuns() throws IOException {
        Disk blind = new Disk() {
            @Override
            public byte[] read(Path file, long offset, int length) throws IOException {
                if (file.endsWith("changes.log")) {
                    throw new AccessDeniedException(file.toString());
                }
                return super.read(file, offset, length);
            }
        };
        change(1, new RunFact.Tagged("team", "first"));
        try (FsBackend reader = FsBackend.at(folder.resolve("store"), blind)) {
            var unused = search(reader);
            change(8, new RunFact.Tagged("team", "later"));

            assertThat(seen(reader, 8).tags()).containsEntry("team", "later");
        }
    }

    @Test
    void anInterruptedThreadAnnouncesLikeAnyOther() throws IOException {
        try (FsBackend reader = open()) {
            var unused = search(reader);
            Thread.currentThread().interrupt();
            change(8, new RunFact.Tagged("team", "later"));
            assertThat(Thread.interrupted()).isTrue();

            assertThat(log()).exists();
            assertThat(seen(reader, 8).tags()).containsEntry("team", "later");
        }
    }

    /** Some systems' clocks of files tick every few milliseconds: what is made within one looks like nothing. */
    @Test
    void aRunThatIsMadeWithinATickIsSeen() throws IOException {
        try (FsBackend reader = open()) {
            FileTime now = FileTime.from(Instant.now());
            Files.setLastModifiedTime(experiment, now);
            var unused = search(reader);
            writer.runs().create(new RunDraft(id(RUNS), "churn", "one more", NOON, null, Map.of()));
            Files.setLastModifiedTime(experiment, now);

            assertThat(seen(reader, RUNS).name()).isEqualTo("one more");
        }
    }

    @Test
    void whatIsNoLogOfOursHoldsUpNobody() throws Exception {
        try (FsBackend reader = open()) {
            var unused = search(reader);
            for (String[] command : new String[][] {
                {"mkfifo", log().toString()},
                {"mkdir", log().toString()},
                {"ln", "-s", log().toString(), log().toString()},
                {"truncate", "-s", "3G", log().toString()}
            }) {
                Files.deleteIfExists(log());
                assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
                String team = "after " + command[0];
                change(8, new RunFact.Tagged("team", team));

                assertThat(seen(reader, 8).tags()).as(command[0]).containsEntry("team", team);
                assertThat(search(reader)).isEqualTo(searchAnew());
            }
        }
    }
}
