package io.mlops.benchmarks;

import io.mlops.core.Mlops;
import java.nio.file.Path;

/** The first use of the library in a fresh JVM. Its main is that use. */
final class FirstUse {
    private FirstUse() {}

    static void measure(Setting setting) throws Exception {
        int rounds = setting.times(10, 2);
        Durations inMain = new Durations(rounds);
        Durations process = new Durations(rounds);
        Path folder = Setting.newFolder();
        try {
            for (int round = 0; round < rounds; round++) {
                Child child = Child.run(Child.java(
                        FirstUse.class, folder.resolve("store" + round).toString()));
                inMain.add(Long.parseLong(child.output().strip()));
                process.add(child.nanos());
            }
        } finally {
            Setting.delete(folder);
        }
        setting.report().atMost(400, "first-use.in-main.p50", inMain.millis(50), "ms");
        setting.report().line("first-use.process.p50", process.millis(50), "ms");
    }

    /** Opens a new store, logs a run, completes it, closes, and prints how long that took. */
    public static void main(String[] arguments) {
        long begin = System.nanoTime();
        try (Mlops mlops = Mlops.open("file:" + arguments[0])) {
            var unused = mlops.tracker().run("first", run -> {
                run.param("trees", 200);
                run.param("rate", 0.1);
                for (int epoch = 0; epoch < 10; epoch++) {
                    run.metric("loss", 1.0 / (epoch + 1), epoch);
                }
                run.metric("auc", 0.93);
            });
        }
        System.out.println(System.nanoTime() - begin);
    }
}
