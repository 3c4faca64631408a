package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Visibility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search says the same with an index, without one and with a damaged one, and sees what others change. */
final class RunIndexTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final int RUNS = 60;
    private static final List<RunQuery> QUERIES = List.of(
            RunQuery.of("churn"),
            RunQuery.of().orderBy("metrics.auc DESC"),
            RunQuery.of("churn").where("metrics.auc > 0.3 AND params.depth = '3'"),
            RunQuery.of("churn").where("status = 'FAILED'").orderBy("end_time"),
            RunQuery.of("churn").where("tags.team LIKE 'g%'").orderBy("params.depth DESC"),
            RunQuery.of("churn").visibility(Visibility.ALL).where("run_name ILIKE 'RUN%'"));

    @TempDir
    private Path folder;

    private Path experiment;
    private FsBackend writer;

    @BeforeEach
    void makeRuns() throws IOException {
        writer = FsBackend.at(folder.resolve("store"));
        experiment = folder.resolve("store/experiments/churn");
        for (int i = 0; i < RUNS; i++) {
            RunId id = id(i);
            writer.runs().create(new RunDraft(id, "churn", "run " + i, NOON.plusSeconds(i), null, Map.of()));
            writer.runs().append(id, batch(i % 7 == 0 ? Double.NaN : i / (double) RUNS));
            writer.runs()
                    .change(
                            id,
                            List.of(
                                    new RunFact.ParamSet("depth", Integer.toString(i % 5)),
                                    new RunFact.Tagged("team", i % 2 == 0 ? "growth" : "core"),
                                    new RunChange.Ended(
                                            i % 9 == 0
                                                    ? new RunOutcome.Failed("Error", "no " + i)
                                                    : new RunOutcome.Finished(),
                                            NOON.plusSeconds(2L * i))));
        }
        age();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private static RunId id(int number) {
        return new RunId("run-" + number);
    }

    private static MetricBatch batch(double value) {
        return MetricBatch.of("w", 0, "auc", new long[1], new long[1], new double[] {value});
    }

    /** What changed within the last moments is not kept: its time may not tell it from the next change. */
    private void age() throws IOException {
        try (Stream<Path> runs = Files.list(experiment)) {
            for (Path run : runs.filter(Files::isDirectory).toList()) {
                Files.setLastModifiedTime(run.resolve("run.json"), FileTime.from(NOON));
            }
        }
        Files.setLastModifiedTime(experiment, FileTime.from(NOON));
    }

    private FsBackend open() {
        return FsBackend.at(folder.resolve("store"));
    }

    private static List<List<RunInfo>> search(FsBackend store) {
        return QUERIES.stream()
                .map(query ->
                        store.runs().search(query, PageRequest.first(1000)).items())
                .toList();
    }

    private List<List<RunInfo>> searchAnew() {
        try (FsBackend store = open()) {
            return search(store);
        }
    }

    private static RunInfo seen(FsBackend store, int number) {
        return store.runs()
                .search(
                        RunQuery.of("churn")
                                .where("run_id = 'run-" + number + "'")
                                .visibility(Visibility.ALL),
                        PageRequest.first(2))
                .items()
                .get(0);
    }

    private void change(int number, RunChange... changes) {
        writer.runs().change(id(number), List.of(changes));
    }

    private Path index() {
        return experiment.resolve("index-v1.bin");
    }

    private Path log() {
        return experiment.resolve("changes.log");
    }

    @Test
    void theSameWithAndWithoutIndex() throws IOException {
        List<List<RunInfo>> without = searchAnew();
        assertThat(without.get(0)).hasSize(RUNS);
        assertThat(index()).exists();

        assertThat(searchAnew()).as("from the index").isEqualTo(without);
        try (FsBackend store = open()) {
            assertThat(search(store)).isEqualTo(without);
            assertThat(search(store)).as("again").isEqualTo(without);
        }
        Files.delete(index());
        assertThat(searchAnew()).as("without it").isEqualTo(without);
    }

    @Test
    void anIndexThatIsDamagedAnywhereChangesNothing() throws IOException {
        List<List<RunInfo>> sound = searchAnew();
        byte[] bytes = Files.readAllBytes(index());
        int step = Math.max(1, bytes.length / (50 * Integer.getInteger("mlops.faults", 1)));

        for (int at = 0; at < bytes.length; at += step) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) (1 << (at % 8));
            Files.write(index(), damaged);
            assertThat(searchAnew()).as("flipped at %d", at).isEqualTo(sound);
            Files.write(index(), Arrays.copyOf(bytes, at));
            assertThat(searchAnew()).as("cut at %d", at).isEqualTo(sound);
        }
        Files.write(index(), Arrays.copyOf(bytes, bytes.length + 1));
        assertThat(searchAnew()).as("longer").isEqualTo(sound);
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

    @Test
    void theNextSearchSeesWhatAnotherOneChanged() throws IOException {
        try (FsBackend reader = open()) {
            var unused = search(reader);

            change(1, new RunFact.Tagged("team", "new"));
            assertThat(seen(reader, 1).tags()).containsEntry("team", "new");
            change(9, new RunChange.Resumed(NOON));
            assertThat(seen(reader, 9).status()).isEqualTo(RunStatus.RUNNING);
            change(9, new RunChange.Ended(new RunOutcome.Killed("stopped"), NOON));
            assertThat(seen(reader, 9).status()).isEqualTo(RunStatus.KILLED);
            change(2, new RunChange.Deleted(NOON));
            assertThat(seen(reader, 2).deleted()).isTrue();
            change(2, new RunChange.Restored());
            assertThat(seen(reader, 2).deleted()).isFalse();

            writer.runs().create(new RunDraft(id(RUNS), "churn", "one more", NOON, null, Map.of()));
            assertThat(seen(reader, RUNS).name()).isEqualTo("one more");
            writer.runs().append(id(RUNS), batch(0.75));
            assertThat(seen(reader, RUNS).metric("auc")).isEqualTo(0.75);
            change(RUNS, new RunChange.Ended(new RunOutcome.Finished(), NOON));
            assertThat(seen(reader, RUNS).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(search(reader)).isEqualTo(searchAnew());

            writer.experiments().change("churn", new ExperimentChange.Renamed("renamed"), NOON);
            assertThat(reader.runs()
                            .search(RunQuery.of("renamed"), PageRequest.first(100))
                            .items())
                    .hasSize(RUNS + 1)
                    .allMatch(run -> run.experiment().equals("renamed"));
            writer.experiments().change("renamed", new ExperimentChange.Deleted(), NOON);
            assertThat(reader.runs()
                            .search(RunQuery.of("renamed"), PageRequest.first(100))
                            .items())
                    .isEmpty();
            writer.experiments().change("renamed", new ExperimentChange.Restored(), NOON);
            assertThat(reader.runs()
                            .search(RunQuery.of("renamed"), PageRequest.first(100))
                            .items())
                    .hasSize(RUNS + 1);
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
        void replace(Path staged, Path target) throws IOException {
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
    void whatIsChangedByHandIsSeenSoon() throws IOException {
        try (FsBackend reader = open()) {
            var unused = search(reader);
            Path file = experiment.resolve("run-4/run.json");
            Files.writeString(file, Files.readString(file).replace("run 4", "changed by hand"));
            Files.setLastModifiedTime(file, FileTime.from(NOON.plusSeconds(1)));

            assertThat(seen(reader, 4).name()).isEqualTo("changed by hand");

            try (Stream<Path> all = Files.walk(experiment.resolve("run-5"))) {
                for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
            assertThat(search(reader).get(0)).hasSize(RUNS - 1);
        }
    }

    @Test
    void aLogThatMayNotBeWrittenIsBegunAnew() throws IOException {
        change(1, new RunFact.Tagged("team", "first"));
        Disk denying = new Disk() {
            @Override
            long append(Path file, byte[] bytes) throws IOException {
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
    void noIndexCanBeKept() throws IOException {
        List<List<RunInfo>> sound = searchAnew();
        Files.delete(index());
        Disk full = new Disk() {
            @Override
            void write(Path file, Filling filling) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        try (FsBackend store = FsBackend.at(folder.resolve("store"), full)) {
            assertThat(search(store)).isEqualTo(sound);
            assertThat(search(store)).isEqualTo(sound);
        }
        assertThat(index()).doesNotExist();
    }

    @Test
    void aPurgeLeavesNothingInTheIndex() throws IOException {
        var unused = searchAnew();
        assertThat(Files.readString(index(), StandardCharsets.ISO_8859_1)).contains("run-17");
        change(17, new RunChange.Deleted(NOON));
        assertThat(writer.experiments().purge(NOON.plusSeconds(1))).isZero();

        assertThat(index()).doesNotExist();
        assertThat(searchAnew().get(0)).hasSize(RUNS - 1);
    }

    @Test
    void aRunWhoseWriterIsGoneIsKeptUntilSomebodyGoesOn() throws IOException {
        writer.runs().create(new RunDraft(id(RUNS), "churn", "left behind", NOON, null, Map.of()));
        writer.runs().append(id(RUNS), batch(0.5));
        Path file = experiment.resolve("run-" + RUNS + "/run.json");
        String document = Files.readString(file);
        // As if another JVM had begun it.
        Files.writeString(file, document.replaceFirst("(\"owner\".*)-[0-9a-z]+-([0-9a-z]+\")", "$1-0000-$2"));
        age();
        try (FsBackend reader = open()) {
            assertThat(seen(reader, RUNS).orphaned()).isTrue();
            assertThat(seen(reader, RUNS).metric("auc")).isEqualTo(0.5);
            assertThat(search(reader)).isEqualTo(searchAnew());

            change(RUNS, new RunChange.Resumed(NOON));
            assertThat(seen(reader, RUNS).orphaned()).isFalse();
            change(RUNS, new RunChange.Ended(new RunOutcome.Finished(), NOON));
            assertThat(seen(reader, RUNS).status()).isEqualTo(RunStatus.FINISHED);
        }
    }

    @Test
    void copiedStoresAreReadAnew() throws IOException {
        List<List<RunInfo>> sound = searchAnew();
        Path copy = folder.resolve("copy");
        try (Stream<Path> all = Files.walk(folder.resolve("store"))) {
            for (Path path : all.toList()) {
                Files.copy(path, copy.resolve(folder.resolve("store").relativize(path)));
            }
        }
        Path file = copy.resolve("experiments/churn/run-4/run.json");
        Files.writeString(file, Files.readString(file).replace("run 4", "run X"));
        Files.setLastModifiedTime(file, FileTime.from(NOON));

        try (FsBackend store = FsBackend.at(copy)) {
            assertThat(seen(store, 4).name()).isEqualTo("run X");
            assertThat(search(store).get(0)).hasSameSizeAs(sound.get(0));
        }
    }
}
