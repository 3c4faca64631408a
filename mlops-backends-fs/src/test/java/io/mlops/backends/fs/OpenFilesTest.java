package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many open runs hold few open files, whether they record or not, and lose nothing. */
final class OpenFilesTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int RUNS = 150;
    private static final int MOST = 100;

    @TempDir
    private Path folder;

    private final Queue<FileChannel> made = new ConcurrentLinkedQueue<>();

    private long openFiles() {
        return made.stream().filter(FileChannel::isOpen).count();
    }

    private Mlops open() {
        return Mlops.using(FsBackend.at(folder.resolve("store"), new Disk() {
            @Override
            public FileChannel create(Path file) throws IOException {
                FileChannel channel = super.create(file);
                made.add(channel);
                return channel;
            }
        }));
    }

    @Test
    void moreRunsThanMayBeOpenHoldAHundredAndLoseNothing() throws IOException {
        try (Mlops mlops = open()) {
            List<Run> runs = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                runs.add(mlops.tracker().start(RunSpec.of("churn").id("run-" + i)));
            }
            for (int round = 0; round < 2; round++) {
                for (Run run : runs) {
                    run.metric("loss", round);
                }
                assertThat(mlops.flush(LONG)).isTrue();
                assertThat(openFiles()).isBetween(1L, (long) MOST);
            }
            runs.forEach(Run::complete);

            assertThat(openFiles()).isZero();
            for (Run run : runs) {
                assertThat(mlops.tracker().history(run.id(), "loss").stream().map(MetricPoint::value))
                        .containsExactly(0.0, 1.0);
                assertThat(mlops.tracker()
                                .get(run.id())
                                .metrics()
                                .get("loss")
                                .range()
                                .count())
                        .isEqualTo(2);
            }
            assertThat(mlops.delivery().durable()).isEqualTo(2L * RUNS);
        }
    }

    @Test
    void fewRunsKeepTheirFiles() throws IOException {
        try (Mlops mlops = open()) {
            List<Run> runs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                runs.add(mlops.tracker().start(RunSpec.of("churn").id("run-" + i)));
            }
            for (int round = 0; round < 2; round++) {
                for (Run run : runs) {
                    run.metric("loss", round);
                }
                assertThat(mlops.flush(LONG)).isTrue();
            }
            runs.forEach(Run::complete);
        }
        try (Stream<Path> files = Files.walk(folder.resolve("store/experiments"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".tfevents")))
                    .hasSize(20);
        }
    }
}
