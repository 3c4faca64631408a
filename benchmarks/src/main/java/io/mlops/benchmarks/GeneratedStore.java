package io.mlops.benchmarks;

import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * A file store with many ended runs of 12 params, 6 metrics and 2 tags, written by hand as {@code docs/formats.md} says,
 * since recording them would take an hour. Not thread-safe.
 */
final class GeneratedStore implements AutoCloseable {
    static final String EXPERIMENT = "churn";

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    /** The names of files that speed search up, and may be deleted at any time. */
    private static final List<String> INDEX = List.of("index-v1.bin", "changes.log");

    private final Path folder;
    private final Path experiment;
    private final Random random = new Random(7);

    GeneratedStore(int runs) throws IOException, InterruptedException {
        folder = Setting.newFolder();
        experiment = folder.resolve("store").resolve("experiments").resolve(EXPERIMENT);
        try (Mlops mlops = Mlops.open(address())) {
            var unused = mlops.tracker().experiments().ensure(EXPERIMENT);
        }
        for (int i = 0; i < runs; i++) {
            write(i);
        }
        // What the system writes back later would disturb what is measured.
        var unused = Child.run(List.of("sync"));
    }

    String address() {
        return "file:" + folder.resolve("store");
    }

    void deleteIndex() throws IOException {
        for (String file : INDEX) {
            boolean unused = Files.deleteIfExists(experiment.resolve(file));
        }
    }

    private void write(int number) throws IOException {
        Instant started = FIRST.plusSeconds(60L * number);
        String id = String.format("generated-%08d-%012x", number, random.nextLong() >>> 16);
        StringBuilder params = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            entry(params, "param" + i, quoted(random.nextInt(10)));
        }
        StringBuilder metrics = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            entry(metrics, "metric" + i, metric(random.nextDouble(), started));
        }
        Path run = Files.createDirectory(experiment.resolve(id));
        Path unused = Files.writeString(run.resolve("run.json"), """
                {
                  "format": {"read": 1, "write": 1},
                  "id": "%s",
                  "name": "run %d",
                  "status": "FINISHED",
                  "started": "%s",
                  "ended": "%s",
                  "parent": null,
                  "params": {%s},
                  "tags": {"stage": "%s", "team": "growth"},
                  "inputs": [],
                  "outputs": [],
                  "metrics": {%s}
                }
                """.formatted(
                id, number, started, started.plusSeconds(30), params, number % 100 == 0 ? "won" : "tried", metrics));
    }

    private static String metric(double value, Instant time) {
        return "{\"value\": " + value + ", \"step\": 99, \"time\": \"" + time + "\", \"min\": " + value + ", \"max\": "
                + (value + 1) + ", \"count\": 100}";
    }

    private static String quoted(int number) {
        return "\"" + number + "\"";
    }

    private static void entry(StringBuilder object, String key, String value) {
        object.append(object.isEmpty() ? "" : ", ")
                .append('"')
                .append(key)
                .append("\": ")
                .append(value);
    }

    @Override
    public void close() throws IOException {
        Setting.delete(folder);
    }
}
