package io.mlops.benchmarks;

import io.mlops.api.artifact.RunArtifacts;
import io.mlops.api.tracker.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A large artifact of a run, stored durably and fetched again, every byte verified, against {@code cp} and
 * {@code sha256sum} of the same file, and {@code sync} of what has to be durable.
 */
final class ArtifactTransfer {
    private ArtifactTransfer() {}

    static void measure(Setting setting) throws Exception {
        int megabytes = setting.times(100, 5);
        int rounds = setting.times(5, 1);
        byte[] bytes = new byte[megabytes * 1_000_000];
        new Random(7).nextBytes(bytes);
        Durations put = new Durations(rounds + 2);
        Durations putByTools = new Durations(rounds + 2);
        Durations download = new Durations(rounds + 2);
        Durations downloadByTools = new Durations(rounds + 2);
        try (TemporaryStore store = new TemporaryStore();
                Run run = store.startRun()) {
            Path file = Files.write(store.folder().resolve("large.bin"), bytes);
            // In turn, on the same disk; the first two rounds warm up.
            for (int round = -2; round < rounds; round++) {
                if (round == 0) {
                    List.of(put, putByTools, download, downloadByTools).forEach(Durations::clear);
                }
                String name = "large" + round + ".bin";
                long begin = System.nanoTime();
                run.artifacts().put(name, file);
                put.add(System.nanoTime() - begin);
                putByTools.add(byTools(file, true));
                download.add(download(run.artifacts(), name, store.folder().resolve("fetched")));
                downloadByTools.add(byTools(file, false));
            }
        }
        print(setting.report(), "artifact-put", megabytes, put, putByTools);
        print(setting.report(), "artifact-download", megabytes, download, downloadByTools);
    }

    private static void print(Report report, String name, int megabytes, Durations ours, Durations byTools) {
        report.line(name + ".rate", megabytes * 1e9 / ours.nanos(50), "MB/s");
        report.atLeast(0.8, name + ".to-cp-and-sha256sum", byTools.nanos(50) / ours.nanos(50), "ratio");
    }

    private static long download(RunArtifacts artifacts, String name, Path folder) throws Exception {
        long begin = System.nanoTime();
        Path file = artifacts.download(name, folder);
        long nanos = System.nanoTime() - begin;
        Files.delete(file);
        return nanos;
    }

    private static long byTools(Path file, boolean durable) throws Exception {
        Path copy = file.resolveSibling("copy.bin");
        long nanos = Child.run(List.of("cp", file.toString(), copy.toString())).nanos();
        nanos += Child.run(List.of("sha256sum", copy.toString())).nanos();
        nanos += durable ? Child.run(List.of("sync", copy.toString())).nanos() : 0;
        Files.delete(copy);
        return nanos;
    }
}
