package io.mlops.benchmarks;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.FailurePolicy;
import io.mlops.api.tracker.Run;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import org.mlflow.tracking.MlflowClientVersion;

/**
 * Everyday tasks with this library and with MLflow, one after the other on the same disk: MLflow's server on SQLite,
 * used by its Java client and by its Python client. What is recorded is stored when the time is taken.
 */
final class MlflowComparison {
    private static final String OURS = "ours";
    private static final String OURS_ON_SERVER = "ours-on-server";
    private static final String JAVA = "java";
    private static final String JAVA_ONE_BY_ONE = "java-one-by-one";
    private static final String JAVA_BATCHES = "java-batches";
    private static final String PYTHON = "python";
    private static final String PYTHON_ASYNCHRONOUS = "python-asynchronous";
    private static final String WARM_UP = "warm-up";
    private static final String MEASURED = "measured";

    private final Report report;
    private final Workload work;
    private final Map<String, Double> pointRates = new LinkedHashMap<>();
    private final Map<String, Durations> runs = new LinkedHashMap<>();
    private final Map<String, Durations> searches = new LinkedHashMap<>();
    private final Map<String, Durations> histories = new LinkedHashMap<>();

    private MlflowComparison(Report report, Workload work) {
        this.report = report;
        this.work = work;
    }

    static void measure(Setting setting, String uri, Path folder) throws Exception {
        Report report = setting.report();
        report.line("mlflow.java-client", MlflowClientVersion.getClientVersion(), "version");
        MlflowComparison comparison = new MlflowComparison(report, Workload.of(setting));
        comparison.ours(setting.times(9, 1));
        comparison.oursOnServer(uri);
        comparison.theirs(uri, System.getenv("MLOPS_PYTHON"), folder);
        comparison.print();
    }

    private void ours(int rounds) {
        try (TemporaryStore store = new TemporaryStore()) {
            OurTracking ours = new OurTracking(store.mlops());
            rate(OURS, work.points(), ours.seconds(work.points(), rounds));
            Durations unused = ours.smallRuns(WARM_UP, work);
            runs(OURS, ours.smallRuns(MEASURED, work));
            searches.put(OURS, searches(number -> ours.search(MEASURED, Workload.filter(number))));
            Run longRun = ours.longRun(work.longHistory());
            histories.put(OURS, histories(number -> ours.history(longRun)));
        }
    }

    /** To the same server as the others, straight. */
    private void oursOnServer(String uri) {
        MlopsConfig straight = MlopsConfig.standard().failures(FailurePolicy.DROP);
        try (HttpBackend backend = HttpBackend.at(uri, HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, straight)) {
            OurTracking ours = new OurTracking(mlops);
            rate(OURS_ON_SERVER, work.points(), ours.seconds(work.points(), 1));
            Durations unused = ours.smallRuns(WARM_UP + "-ours", work.slow());
            runs(OURS_ON_SERVER, ours.smallRuns(MEASURED + "-ours", work));
            searches.put(OURS_ON_SERVER, searches(number -> ours.search(MEASURED + "-ours", Workload.filter(number))));
            Run longRun = ours.longRun(work.longHistory());
            histories.put(OURS_ON_SERVER, histories(number -> ours.history(longRun)));
        }
    }

    private void theirs(String uri, String python, Path folder) throws Exception {
        Workload slow = work.slow();
        String measured;
        String longRun;
        try (MlflowJavaClient client = new MlflowJavaClient(uri)) {
            String warmUp = client.createExperiment(WARM_UP);
            measured = client.createExperiment(MEASURED);
            Durations unused = client.smallRunsInBatches(warmUp, slow);
            String run = client.createRun(warmUp);
            client.pointsInBatches(run, work.points() / 10, 4);
            rate(JAVA_BATCHES, work.points(), seconds(() -> client.pointsInBatches(run, work.points(), 4)));
            rate(JAVA_ONE_BY_ONE, slow.points(), seconds(() -> client.pointsOneByOne(run, slow.points())));
            runs(JAVA_BATCHES, client.smallRunsInBatches(measured, work));
            runs(JAVA_ONE_BY_ONE, client.smallRunsOneByOne(warmUp, slow));
            searches.put(JAVA, searches(number -> client.search(measured, Workload.filter(number))));
            String read = client.createRun(warmUp);
            client.pointsInBatches(read, work.longHistory(), 1);
            histories.put(JAVA, histories(number -> client.history(read, "metric0")));
            longRun = read;
        }
        MlflowPythonClient client = MlflowPythonClient.run(python, folder, uri, measured, longRun, slow);
        rate(PYTHON_ASYNCHRONOUS, slow.points(), client.seconds("points"));
        runs(PYTHON_ASYNCHRONOUS, client.durations("runs"));
        searches.put(PYTHON, client.durations("search"));
        histories.put(PYTHON, client.durations("history"));
    }

    private void rate(String who, int points, double seconds) {
        report.line("mlflow.points." + who + ".count", points, "points");
        pointRates.put(who, points / seconds);
    }

    private void runs(String who, Durations durations) {
        report.line("mlflow.small-runs." + who + ".count", durations.count(), "runs");
        runs.put(who, durations);
    }

    private Durations searches(IntUnaryOperator search) {
        return each(work.searches(), number -> {
            int found = search.applyAsInt(number);
            if (found == 0 || found > Workload.BEST) {
                throw new IllegalStateException(found + " runs were found by search " + number);
            }
        });
    }

    private Durations histories(IntUnaryOperator read) {
        return each(work.reads(), number -> {
            int points = read.applyAsInt(number);
            if (points != work.longHistory()) {
                throw new IllegalStateException(points + " points came back, not " + work.longHistory());
            }
        });
    }

    /** The first time warms up. */
    private static Durations each(int times, IntConsumer task) {
        task.accept(0);
        Durations durations = new Durations(times);
        for (int number = 0; number < times; number++) {
            long begin = System.nanoTime();
            task.accept(number);
            durations.add(System.nanoTime() - begin);
        }
        return durations;
    }

    private static double seconds(Runnable task) {
        long begin = System.nanoTime();
        task.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    private void print() {
        pointRates.forEach((who, rate) -> report.line("mlflow.points." + who, rate, "points/s"));
        double ourRate = requireNonNull(pointRates.get(OURS));
        pointRates.forEach((who, rate) -> ratio("points", who, ourRate / rate));
        print("small-runs", runs);
        print("search", searches);
        print("history", histories);
    }

    private void print(String task, Map<String, Durations> figures) {
        figures.forEach((who, durations) -> {
            report.line("mlflow." + task + '.' + who + ".p50", durations.millis(50), "ms");
            if (durations.count() >= 100) {
                report.line("mlflow." + task + '.' + who + ".p99", durations.millis(99), "ms");
            }
        });
        double ours = requireNonNull(figures.get(OURS)).nanos(50);
        figures.forEach((who, durations) -> ratio(task, who, durations.nanos(50) / ours));
    }

    /** Reports how many times as fast ours is as each of theirs. */
    private void ratio(String task, String who, double ratio) {
        if (!who.equals(OURS)) {
            report.line("mlflow." + task + ".ours-to-" + who, ratio, "ratio");
        }
    }
}
