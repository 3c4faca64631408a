package io.mlops.benchmarks;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.ModelRegistry;

/** Finding the version that an alias points to, after few moves and after very many. */
final class AliasFind {
    private static final int FEW = 3;

    private AliasFind() {}

    static void measure(Setting setting) {
        int many = setting.times(10_000, 50);
        int rounds = setting.times(5_000, 20);
        Durations afterFew = new Durations(rounds);
        Durations afterMany = new Durations(rounds);
        try (TemporaryStore store = new TemporaryStore()) {
            move(store, "few", FEW);
            move(store, "many", many);
            // As many again to warm up. Both are measured in turn, since a machine has its moods.
            for (int round = -rounds; round < rounds; round++) {
                if (round == 0) {
                    afterFew.clear();
                    afterMany.clear();
                }
                afterFew.add(find(store, "few"));
                afterMany.add(find(store, "many"));
            }
        }
        Report report = setting.report();
        report.line("alias-find.after-" + FEW + ".p50", afterFew.nanos(50) / 1000, "us");
        report.line("alias-find.after-" + many + ".p50", afterMany.nanos(50) / 1000, "us");
        report.atMost(2, "alias-find.many-to-few", afterMany.nanos(50) / afterFew.nanos(50), "ratio");
    }

    private static void move(TemporaryStore store, String model, int moves) {
        store.registerChampion(model, new byte[1000]);
        for (int move = 1; move < moves; move++) {
            var unused = store.mlops().registry().move(AliasMove.of(model + "@champion", 1));
        }
    }

    private static long find(TemporaryStore store, String model) {
        ModelRegistry registry = store.mlops().registry();
        VersionReference champion = new VersionReference.Aliased(model, "champion");
        long begin = System.nanoTime();
        if (registry.find(champion).isEmpty()) {
            throw new IllegalStateException(champion + " points nowhere");
        }
        return System.nanoTime() - begin;
    }
}
