package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.index.ForgedIndex;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A search says the same with an index, without one and with a damaged one, and sees what others change. */
final class RunIndexTest extends SearchedStore {
    private Path index() {
        return experiment.resolve("index-v1.bin");
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
        }
    }

    @Test
    void theNextSearchSeesWhatBecameOfTheExperiment() {
        try (FsBackend reader = open()) {
            var unused = search(reader);
            writer.experiments().change("churn", new ExperimentChange.Renamed("renamed"), NOON);
            assertThat(reader.runs()
                            .search(RunQuery.of("renamed"), PageRequest.first(100))
                            .items())
                    .hasSize(RUNS)
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
                    .hasSize(RUNS);
        }
    }

    @Test
    void whatIsChangedByHandIsSeenSoon() throws IOException {
        try (FsBackend reader = open()) {
            var unused = search(reader);
            Path file = experiment.resolve("run-4/run.json");
            ByHand.write(file, Files.readString(file).replace("run 4", "changed by hand"));
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
    void noIndexCanBeKept() throws IOException {
        List<List<RunInfo>> sound = searchAnew();
        Files.delete(index());
        Disk full = new Disk() {
            @Override
            public void write(Path file, Filling filling) throws IOException {
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
        assertThat(writer.experiments().purge(NOON.plusSeconds(1)).left()).isZero();

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
        ByHand.write(file, document.replaceFirst("(\"owner\".*)-[0-9a-z]+-([0-9a-z]+\")", "$1-0000-$2"));
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
        ByHand.write(file, Files.readString(file).replace("run 4", "run X"));
        Files.setLastModifiedTime(file, FileTime.from(NOON));

        try (FsBackend store = FsBackend.at(copy)) {
            assertThat(seen(store, 4).name()).isEqualTo("run X");
            assertThat(search(store).get(0)).hasSameSizeAs(sound.get(0));
        }
    }

    @Test
    @QuietExtension.Warned
    void aRunThatCannotBeLookedAtHidesNoOther() throws IOException {
        List<List<RunInfo>> sound = searchAnew();
        Path looping = Files.createDirectory(experiment.resolve("loop")).resolve("run.json");
        Files.createSymbolicLink(looping, looping);

        assertThat(searchAnew()).isEqualTo(sound);
        try (FsBackend store = open()) {
            assertThat(search(store)).isEqualTo(sound);
            Path file = experiment.resolve("run-3/run.json");
            Files.delete(file);
            Files.createSymbolicLink(file, file);
            assertThat(search(store).get(0)).hasSize(RUNS - 1);
        }
    }

    @Test
    void anIndexThatNamesOtherFoldersCountsForNothing() throws IOException {
        List<List<RunInfo>> sound = searchAnew();
        for (String name : List.of("../other/run-1", "a/b", "run-1", "run-0.")) {
            RunInfo run = RunState.of(sound.get(0).get(0)).in("").info();
            ForgedIndex.write(experiment, run, "run-1", name);
            assertThat(ForgedIndex.counts(experiment)).as(name).isFalse();
            assertThat(searchAnew()).as(name).isEqualTo(sound);
        }
    }

    @Test
    void halfAnIndexIsNotLeftBehind() throws IOException {
        var unused = searchAnew();
        Files.delete(index());
        Disk full = new Disk() {
            @Override
            public void write(Path file, Filling filling) throws IOException {
                Files.writeString(file, "half");
                throw new IOException("No space left on device");
            }
        };
        try (FsBackend store = FsBackend.at(folder.resolve("store"), full)) {
            unused = search(store);
            try (Stream<Path> staged = Files.walk(folder.resolve("store/.staging"))) {
                assertThat(staged.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    @Test
    void whatIsNoIndexOfOursHoldsUpNobody() throws Exception {
        List<List<RunInfo>> sound = searchAnew();
        for (String[] command : new String[][] {
            {"mkfifo", index().toString()},
            {"mkdir", index().toString()},
            {"ln", "-s", "/dev/zero", index().toString()},
            {"truncate", "-s", "300G", index().toString()}
        }) {
            Files.deleteIfExists(index());
            assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
            assertThat(searchAnew()).as(command[0]).isEqualTo(sound);
        }
    }

    @Test
    void whatIsDeletedOrRestoredMeanwhileIsFoundOnce() {
        AtomicBoolean deleted = new AtomicBoolean();
        Disk meanwhile = new Disk() {
            @Override
            public List<String> manyNames(Path listed) throws IOException {
                if (listed.toString().contains(".trash/runs")) {
                    change(
                            3,
                            deleted.getAndSet(!deleted.get()) ? new RunChange.Restored() : new RunChange.Deleted(NOON));
                }
                return super.manyNames(listed);
            }
        };
        try (FsBackend reader = FsBackend.at(folder.resolve("store"), meanwhile)) {
            for (int i = 0; i < 4; i++) {
                assertThat(reader.runs()
                                .search(RunQuery.of("churn").visibility(Visibility.ALL), PageRequest.first(1000))
                                .items())
                        .as(deleted.get() ? "restored" : "deleted")
                        .hasSize(RUNS);
            }
        }
    }
}
