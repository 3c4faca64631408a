package io.mlops.benchmarks;

import io.mlops.api.artifact.Content;
import io.mlops.api.tracker.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One more small artifact of a run that has a hundred, and of one that has very many. */
final class ManyArtifacts {
    private static final int FEW = 100;

    private ManyArtifacts() {}

    static void measure(Setting setting) throws Exception {
        int many = setting.times(40_000, 500);
        try (TemporaryStore store = new TemporaryStore();
                Run few = store.startRun();
                Run most = store.startRun()) {
            few.artifacts().put("all", files(store.folder().resolve("few"), FEW));
            most.artifacts().put("all", files(store.folder().resolve("most"), many));
            Durations amongFew = new Durations(setting.times(200, 10));
            Durations amongMany = new Durations(setting.times(200, 10));
            // In turn, since a disk has its moods; the first twenty warm up.
            for (int round = -20; round < setting.times(200, 10); round++) {
                long small = putOne(few, round);
                long large = putOne(most, round);
                if (round >= 0) {
                    amongFew.add(small);
                    amongMany.add(large);
                }
            }
            Report report = setting.report();
            report.line("artifact-put.one-among-100.p50", amongFew.millis(50), "ms");
            report.line("artifact-put.one-among-" + many + ".p50", amongMany.millis(50), "ms");
            report.atMost(1.5, "artifact-put.many-to-few", amongMany.nanos(50) / amongFew.nanos(50), "ratio");
        }
    }

    private static long putOne(Run run, int round) {
        long begin = System.nanoTime();
        var unused = run.artifacts().put("one/by-one-" + round, Content.text("a small artifact"));
        return System.nanoTime() - begin;
    }

    private static Path files(Path folder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Path file = folder.resolve("%03d/%05d.txt".formatted(i / 1000, i));
            if (i % 1000 == 0) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, "artifact " + i);
        }
        return folder;
    }
}
