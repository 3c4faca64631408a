package io.mlops.backends.fs.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;

/** A program that records a run as its standard input tells it, and answers on standard output what is durable. */
final class RecorderMain {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int POINTS_BETWEEN_FLUSHES = 20;

    private RecorderMain() {}

    /** Takes the store, the experiment and the id of the run. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        Mlops mlops = Mlops.open("file:" + arguments[0]);
        Run run = mlops.tracker().start(RunSpec.of(arguments[1]).id(arguments[2]));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            List<String> words = List.of(line.split(" ", -1));
            switch (words.get(0)) {
                case "record" -> {
                    long to = Long.parseLong(words.get(3));
                    for (long step = Long.parseLong(words.get(2)); step <= to; step += Long.parseLong(words.get(4))) {
                        run.metric(words.get(1), (double) step, step);
                    }
                    flush(run, to);
                }
                case "forever" -> recordForEver(run, words.get(1));
                case "complete" -> {
                    run.complete();
                    mlops.close();
                    System.out.println("complete");
                    return;
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
        // The test has died: this process must neither end the run nor stay.
        Runtime.getRuntime().halt(1);
    }

    private static void recordForEver(Run run, String key) {
        while (true) {
            long step = 0;
            for (int i = 0; i < POINTS_BETWEEN_FLUSHES; i++) {
                step = run.nextStep(key);
                run.metric(key, (double) step);
            }
            flush(run, step);
        }
    }

    private static void flush(Run run, long step) {
        if (!run.flush(LONG)) {
            throw new IllegalStateException("step " + step + " is not durable");
        }
        System.out.println("durable " + step);
    }
}
