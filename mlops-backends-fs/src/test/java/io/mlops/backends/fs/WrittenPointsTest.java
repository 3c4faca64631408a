package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.backends.fs.store.DamageLog;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The points of a run's writers, as one reads them to bring the run to another store. */
final class WrittenPointsTest {
    private static final RunId ID = new RunId("run-1");
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    private Path folder;

    private final List<Backend> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Backend::close);
    }

    private RunStore open() {
        return opened(FsBackend.at(folder.resolve("store")));
    }

    private RunStore opened(Backend backend) {
        opened.add(backend);
        return backend.runs();
    }

    private static RunStore made(RunStore store) {
        RunInfo made = store.create(new RunDraft(ID, "churn", "run", NOON, null, Map.of()));
        assertThat(made.id()).isEqualTo(ID);
        return store;
    }

    /** Appends points whose values are their numbers, of so many keys in turn. */
    private static void append(RunStore store, String writer, int from, int to, int keys) {
        MetricColumns columns = new MetricColumns();
        for (int i = from; i < to; i++) {
            columns.add("key " + i % keys, i, NOON.toEpochMilli() + i, i);
        }
        assertThat(store.append(ID, columns.batch(writer, from))).isEqualTo(to);
        store.change(ID, List.of());
    }

    private static List<Double> read(RunStore store, String writer, long offset, int limit) {
        MetricBatch batch = store.read(ID, writer, offset, limit);
        return IntStream.range(0, batch.size()).mapToObj(batch::value).toList();
    }

    private static List<Double> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> (double) i).toList();
    }

    private List<Path> eventFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store/experiments"))) {
            return files.filter(file -> file.toString().endsWith(".tfevents")).toList();
        }
    }

    @Test
    void eachWriterHasItsOwnInTheOrderInWhichItWrote() {
        for (RunStore store : List.of(open(), opened(new MemoryBackend()))) {
            made(store);
            append(store, "w1", 0, 60, 3);
            append(store, "w2", 0, 5, 1);
            append(store, "w1", 60, 100, 7);

            assertThat(store.written(ID)).containsExactly(Map.entry("w1", 100L), Map.entry("w2", 5L));
            assertThat(read(store, "w1", 0, 1000)).isEqualTo(values(0, 100));
            assertThat(read(store, "w1", 58, 4)).isEqualTo(values(58, 62));
            assertThat(read(store, "w2", 2, 2)).isEqualTo(values(2, 4));
        }
    }

    @Test
    void aRunGoesFromFilesToMemoryAndBack() {
        RunStore source = made(open());
        append(source, "w1", 0, 500, 3);
        append(source, "w2", 0, 20, 2);
        RunStore memory = made(opened(new MemoryBackend()));
        RunStore target = made(opened(FsBackend.at(folder.resolve("target"))));

        for (List<RunStore> way : List.of(List.of(source, memory), List.of(memory, target))) {
            way.get(0).written(ID).forEach((writer, count) -> {
                for (long done = 0; done < count; ) {
                    done = way.get(1).append(ID, way.get(0).read(ID, writer, done, 64));
                }
            });
            way.get(1).change(ID, List.of());
        }

        assertThat(target.written(ID)).isEqualTo(source.written(ID));
        assertThat(target.get(ID).metrics()).isEqualTo(source.get(ID).metrics()).hasSize(3);
        for (String key : source.get(ID).metrics().keySet()) {
            PageRequest all = PageRequest.first(1000);
            assertThat(target.history(ID, key, all)).isEqualTo(source.history(ID, key, all));
        }
    }

    @Test
    void manyFilesOfAWriterAreOneSequence() throws IOException {
        RunStore store = made(open());
        append(store, "w1", 0, 10, 2);
        RunStore later = open();
        append(later, "w1", 10, 20, 2);
        RunStore last = open();
        append(last, "w1", 20, 25, 2);

        assertThat(eventFiles()).hasSize(3);
        assertThat(store.written(ID)).containsExactly(Map.entry("w1", 25L));
        assertThat(read(store, "w1", 0, 100)).isEqualTo(values(0, 25));
        assertThat(read(store, "w1", 8, 14)).isEqualTo(values(8, 22));
        assertThat(read(store, "w1", 22, 100)).isEqualTo(values(22, 25));
    }

    @Test
    @QuietExtension.Warned
    void damagedPointsAreLeftOutAndToldOnce() throws IOException {
        append(made(open()), "w1", 0, 100, 1);
        Path file = eventFiles().get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        TestLogger log = TestLoggerFactory.getTestLogger(DamageLog.class);
        log.clearAll();

        RunStore store = open();

        assertThat(store.written(ID)).containsExactly(Map.entry("w1", 99L));
        List<Double> read = new ArrayList<>();
        while (read.size() < 99) {
            read.addAll(read(store, "w1", read.size(), 10));
        }
        assertThat(read).hasSize(99).doesNotHaveDuplicates().isSorted();
        assertThat(store.written(ID)).containsExactly(Map.entry("w1", 99L));
        assertThat(log.getAllLoggingEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains(file.toString(), "damaged bytes"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void manyKeysAreReadInOnePass() throws IOException {
        int points = 100_000;
        RunStore store = made(open());
        append(store, "w1", 0, points, 10_000);
        long bytes = Files.size(eventFiles().get(0));
        RunStore reader = open();

        long before = readBytes();
        long done = 0;
        while (done < points) {
            MetricBatch batch = reader.read(ID, "w1", done, 1000);
            assertThat(batch.size()).isEqualTo(1000);
            done += batch.size();
        }

        // Each read asks for more than it needs, and the JVM reads its classes.
        assertThat(readBytes() - before).isLessThan(8 * bytes);
    }

    /** The number of bytes that this process has read so far. */
    private static long readBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("rchar: "))
                .flatMapToLong(line -> LongStream.of(Long.parseLong(line.substring("rchar: ".length()))))
                .sum();
    }

    @Test
    void aDiscardedRunLeavesNoFile() throws IOException {
        RunStore store = made(open());
        RunStore other = open();
        append(store, "w1", 0, 10, 2);
        append(other, "w2", 0, 10, 2);

        other.discard(ID);

        assertThat(store.find(ID)).isEmpty();
        try (Stream<Path> left = Files.walk(folder.resolve("store/experiments"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("experiments", "churn", "experiment.json");
        }
        try (Stream<Path> staged = Files.walk(folder.resolve("store/.staging"))) {
            assertThat(staged.filter(Files::isRegularFile)).isEmpty();
        }
        store.discard(ID);
    }

    @Test
    void discardingMakesNoStore() {
        open().discard(ID);

        assertThat(folder.resolve("store")).doesNotExist();
    }
}
