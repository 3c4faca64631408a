package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people, desktops and locales do to a store that is open. */
final class AccidentTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path folder;

    private Path root;
    private TracingDisk disk;
    private FsBackend store;

    @BeforeEach
    void open() {
        root = folder.resolve("store");
        disk = new TracingDisk(root);
        store = FsBackend.at(root, disk);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private RunInfo make(String id, String experiment) {
        return store.runs().create(new RunDraft(new RunId(id), experiment, id, NOON, null, Map.of()));
    }

    private long append(String id, long offset) {
        return store.runs()
                .append(
                        new RunId(id),
                        MetricBatch.of("w", offset, "m", new long[] {offset}, new long[] {offset}, new double[1]));
    }

    private List<String> runs() {
        return store.runs().search(RunQuery.of(), PageRequest.first(10)).items().stream()
                .map(run -> run.id().value())
                .toList();
    }

    private List<String> experiments() {
        return store.experiments().search("", Visibility.ALL, PageRequest.first(10)).items().stream()
                .map(Experiment::name)
                .toList();
    }

    @Test
    void digitsOfALocaleStayOutOfFileNames() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            make("a", "churn");
            append("a", 0);
            store.runs().change(new RunId("a"), List.of());

            assertThat(store.runs().find(new RunId("a")).orElseThrow().metrics())
                    .containsOnlyKeys("m");
            assertThat(store.runs()
                            .history(new RunId("a"), "m", PageRequest.first(10))
                            .items())
                    .hasSize(1);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void strayFilesHideNothing() throws IOException {
        make("a", "churn");
        for (String stray : List.of(
                "experiments/.DS_Store",
                "experiments/notes",
                "experiments/churn/notes",
                "experiments/churn/.DS_Store",
                "experiments/churn/a/notes")) {
            Files.writeString(root.resolve(stray), "x");
        }
        Files.createDirectory(root.resolve("experiments/empty"));
        Files.createDirectory(root.resolve("experiments/churn/empty"));

        assertThat(runs()).containsExactly("a");
        assertThat(experiments()).containsExactly("churn");
        make("b", "churn");
        assertThat(store.runs().find(new RunId("notes"))).isEmpty();
    }

    @Test
    @QuietExtension.Warned
    void whatIsNoDocumentHidesNothingAndHangsNobody() throws Exception {
        make("a", "churn");
        make("b", "churn");
        make("c", "other");
        Path fifo = root.resolve("experiments/churn/b/run.json");
        Files.delete(fifo);
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Path experiment = root.resolve("experiments/other/experiment.json");
        Files.delete(experiment);
        Files.createDirectory(experiment);

        assertThat(runs()).containsExactlyInAnyOrder("a", "c");
        assertThat(experiments()).containsExactly("churn");
        assertThatThrownBy(() -> store.experiments().find("other"))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("experiment.json", "is no file");
    }

    @Test
    void afterAnExperimentIsRemovedByHandItIsMadeAgain() throws IOException {
        make("a", "churn");
        new Disk().deleteTree(root.resolve("experiments/churn"));

        make("b", "churn");
        assertThat(runs()).containsExactly("b");
    }

    @Test
    void afterStagingIsRemovedByHandItIsMadeAgain() throws IOException {
        make("a", "churn");
        new Disk().deleteTree(root.resolve(".staging"));

        make("b", "churn");
        assertThat(runs()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theFirstWritesOfManyThreadsAllWork() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            try (FsBackend fresh = FsBackend.at(folder.resolve("fresh-" + round))) {
                CountDownLatch start = new CountDownLatch(1);
                List<Thread> threads = IntStream.range(0, 4)
                        .mapToObj(i -> new Thread(() -> {
                            try {
                                start.await();
                            } catch (InterruptedException e) {
                                return;
                            }
                            fresh.runs()
                                    .create(new RunDraft(
                                            new RunId("run-" + i), "churn-" + i, "run", NOON, null, Map.of()));
                        }))
                        .toList();
                threads.forEach(Thread::start);
                start.countDown();
                for (Thread thread : threads) {
                    thread.join();
                }

                assertThat(fresh.runs()
                                .search(RunQuery.of(), PageRequest.first(10))
                                .items())
                        .hasSize(4);
            }
        }
    }

    @Test
    void aSecondTryMakesTheNameOfARunDurable() {
        store.experiments().ensure("churn", NOON);
        disk.failAt("sync folder experiments/churn", 1);
        assertThatThrownBy(() -> make("a", "churn")).isInstanceOf(BackendUnavailableException.class);
        disk.steps();

        make("a", "churn");

        assertThat(disk.steps()).contains("sync folder experiments/churn");
    }

    @Test
    void aDiskThatFailsManyTimesIsNotFilledWithEmptyFiles() throws IOException {
        make("a", "churn");
        for (int i = 0; i < 5; i++) {
            disk.failAt("append", 1);
            assertThatThrownBy(() -> append("a", 0)).isInstanceOf(BackendUnavailableException.class);
        }
        append("a", 0);
        store.runs().change(new RunId("a"), List.of());

        try (Stream<Path> files = Files.list(root.resolve("experiments/churn/a"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.endsWith(".tfevents"))
                    .singleElement()
                    .asString()
                    .as("a name is never used twice")
                    .startsWith("metrics-000006");
        }
    }

    @Test
    void aStoreThatIsClosedMeanwhileLeavesNothing() throws IOException {
        make("a", "churn");
        store.close();

        assertThatThrownBy(() -> make("b", "churn")).isInstanceOf(IllegalStateException.class);
        assertThat(root.resolve(".live")).isEmptyDirectory();
        assertThat(root.resolve(".staging")).isEmptyDirectory();
    }

    /** Records a hundred runs at once, more than it may have files open, and ends them. */
    static final class ManyRuns {
        public static void main(String[] args) {
            try (Mlops mlops = Mlops.open(args[0])) {
                List<Run> runs = IntStream.range(0, 100)
                        .mapToObj(i -> mlops.tracker().start(RunSpec.of("churn").id("run-" + i)))
                        .toList();
                for (long step = 0; step < 3; step++) {
                    for (Run run : runs) {
                        run.metric("loss", 1, step);
                    }
                    System.out.println(mlops.flush(Duration.ofSeconds(30)));
                }
                runs.forEach(Run::complete);
                System.out.println(mlops.flush(Duration.ofSeconds(30)) + " "
                        + mlops.delivery().lost());
            }
        }
    }

    @Test
    void aProcessThatRunsOutOfFilesGoesOn() throws Exception {
        List<String> limited = List.of("bash", "-c", "ulimit -n 80; exec \"$0\" \"$@\"");
        try (ChildJvm child =
                ChildJvm.start(limited, System.getProperty("java.class.path"), ManyRuns.class, "file:" + root)) {
            assertThat(child.lines()).containsExactly("true", "true", "true", "true 0");
        }
        RunQuery finished = RunQuery.of("churn").where("status = 'FINISHED'");
        assertThat(store.runs().search(finished, PageRequest.first(1000)).items())
                .hasSize(100)
                .allMatch(run -> run.metrics().get("loss").range().count() == 3);
    }
}
