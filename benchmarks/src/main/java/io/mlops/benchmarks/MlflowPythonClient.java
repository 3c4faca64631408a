package io.mlops.benchmarks;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The tasks with MLflow's Python client and its asynchronous logging.
 *
 * @param nanos what each task took, by its name, each time that it was done
 */
record MlflowPythonClient(Map<String, long[]> nanos) {
    private static final String SCRIPT = "mlflow_client.py";

    /**
     * Runs to its end.
     *
     * @param folder where the script may lie
     * @param experiment whose runs are searched
     * @param longRun whose history is read
     */
    static MlflowPythonClient run(
            String python, Path folder, String uri, String experiment, String longRun, Workload work)
            throws IOException, InterruptedException {
        Path script = folder.resolve(SCRIPT);
        try (InputStream source = MlflowPythonClient.class.getResourceAsStream(SCRIPT)) {
            if (source == null) {
                throw new FileNotFoundException(SCRIPT);
            }
            long unused = Files.copy(source, script);
        }
        List<String> command = new ArrayList<>(List.of(python, script.toString(), uri, experiment, longRun));
        IntStream.of(work.points(), work.runs(), work.params(), work.metrics(), work.searches(), work.reads())
                .mapToObj(Integer::toString)
                .forEach(command::add);
        Map<String, long[]> nanos = new HashMap<>();
        Child.run(command, MlflowServer.ENVIRONMENT).output().lines().forEach(line -> {
            List<String> words = List.of(line.split(" "));
            nanos.put(
                    words.get(0),
                    words.stream().skip(1).mapToLong(Long::parseLong).toArray());
        });
        return new MlflowPythonClient(nanos);
    }

    double seconds(String task) {
        return LongStream.of(of(task)).sum() / 1e9;
    }

    Durations durations(String task) {
        long[] each = of(task);
        Durations durations = new Durations(each.length);
        LongStream.of(each).forEach(durations::add);
        return durations;
    }

    private long[] of(String task) {
        long[] each = nanos.get(task);
        if (each == null) {
            throw new IllegalStateException(SCRIPT + " did not say how long " + task + " took");
        }
        return each;
    }
}
