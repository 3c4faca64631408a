package io.mlops.benchmarks;

import io.mlops.api.common.AliasMove;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import java.nio.file.Path;

/** Operations that end on stable storage, beside the time that the disk itself takes for a sync. */
final class SmallOperations {
    private SmallOperations() {}

    static void measure(Setting setting) throws Exception {
        int rounds = setting.times(200, 10);
        try (TemporaryStore store = new TemporaryStore()) {
            Durations complete = new Durations(rounds);
            DiskSync sync = new DiskSync(store.folder(), rounds);
            // As many again to warm up. Both are measured in turn, since a disk has its moods.
            for (int round = -rounds; round < rounds; round++) {
                if (round == 0) {
                    complete.clear();
                    sync.clear();
                }
                complete.add(complete(store));
                sync.probe();
            }
            Report report = setting.report();
            report.line("complete.disk-making-beside.p50", sync.making().millis(50), "ms");
            report.line("complete.disk-sync-beside.p50", sync.file().millis(50), "ms");
            report.atMost(1 + 3 * sync.file().millis(50), "complete.p50", complete.millis(50), "ms");
            report.line("complete.p99", complete.millis(99), "ms");
            report.atMost(0, "complete.dropped", store.lost(), "points");
            registry(setting, store);
        }
    }

    private static void registry(Setting setting, TemporaryStore store) {
        int rounds = setting.times(100, 5);
        Durations register = new Durations(rounds);
        Durations move = new Durations(rounds);
        Path file = store.folder().resolve("small.bin");
        store.registerChampion("small", new byte[1000]);
        int number = 1;
        for (int round = -rounds; round < rounds; round++) {
            if (round == 0) {
                register.clear();
                move.clear();
            }
            long begin = System.nanoTime();
            ModelVersion next = store.mlops().registry().register(ModelSpec.of("small", file));
            long registered = System.nanoTime();
            var unused = store.mlops()
                    .registry()
                    .move(AliasMove.of("small@champion", next).expecting(number));
            move.add(System.nanoTime() - registered);
            register.add(registered - begin);
            number = next.number();
        }
        setting.report().line("alias-move.p50", move.millis(50), "ms");
        setting.report().line("register.p50", register.millis(50), "ms");
    }

    private static long complete(TemporaryStore store) {
        Run run = startSmallRun(store);
        long begin = System.nanoTime();
        run.complete();
        return System.nanoTime() - begin;
    }

    /** A run that the store knows, with ten params and ten metrics that it does not know yet. */
    static Run startSmallRun(TemporaryStore store) {
        Run run = store.startRun();
        for (int i = 0; i < 10; i++) {
            run.param("param" + i, i);
            run.metric("metric" + i, i * 0.1, 0);
        }
        return run;
    }
}
