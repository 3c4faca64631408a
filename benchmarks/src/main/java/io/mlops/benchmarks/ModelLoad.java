package io.mlops.benchmarks;

import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.VerifiedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Loading a large model, every byte verified, against {@code cp} and {@code sha256sum} of the same file. */
final class ModelLoad {
    private ModelLoad() {}

    static void measure(Setting setting) throws Exception {
        int megabytes = setting.times(100, 5);
        int rounds = setting.times(5, 1);
        byte[] bytes = new byte[megabytes * 1_000_000];
        new Random(7).nextBytes(bytes);
        Durations ours = new Durations(rounds + 2);
        Durations theirs = new Durations(rounds + 2);
        try (TemporaryStore store = new TemporaryStore()) {
            store.registerChampion("large", bytes);
            // In turn, on the same disk, both from the page cache; the first two rounds warm up.
            for (int round = -2; round < rounds; round++) {
                if (round == 0) {
                    ours.clear();
                    theirs.clear();
                }
                ours.add(load(store));
                theirs.add(copyAndSum(store.folder()));
            }
        }
        Report report = setting.report();
        report.line("model-load.rate", megabytes * 1e9 / ours.nanos(50), "MB/s");
        report.line("cp-and-sha256sum.rate", megabytes * 1e9 / theirs.nanos(50), "MB/s");
        report.atLeast(0.8, "model-load.to-cp-and-sha256sum", theirs.nanos(50) / ours.nanos(50), "ratio");
    }

    private static long load(TemporaryStore store) {
        long begin = System.nanoTime();
        try (ModelHandle<Path> model = store.mlops().serving().load("large@champion", VerifiedFiles::folder)) {
            var unused = model.version();
        }
        return System.nanoTime() - begin;
    }

    private static long copyAndSum(Path folder) throws Exception {
        Path copy = folder.resolve("copy.bin");
        long copied = Child.run(List.of("cp", folder.resolve("large.bin").toString(), copy.toString()))
                .nanos();
        long summed = Child.run(List.of("sha256sum", copy.toString())).nanos();
        Files.delete(copy);
        return copied + summed;
    }
}
