package io.mlops.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;

/** The tasks with MLflow's official Java client, which blocks until the server has answered. */
final class MlflowJavaClient implements AutoCloseable {
    /** As many as the server takes in one request. */
    private static final int BATCH = 1000;

    private final MlflowClient client;

    MlflowJavaClient(String uri) {
        client = new MlflowClient(uri);
    }

    String createExperiment(String name) {
        return client.createExperiment(name);
    }

    String createRun(String experiment) {
        return client.createRun(CreateRun.newBuilder()
                        .setExperimentId(experiment)
                        .setStartTime(System.currentTimeMillis())
                        .build())
                .getRunId();
    }

    /** Each point is a request. */
    void pointsOneByOne(String run, int points) {
        for (int i = 0; i < points; i++) {
            client.logMetric(run, "metric" + (i & 3), i * 0.1, System.currentTimeMillis(), i >> 2);
        }
    }

    /** A thousand points are a request. */
    void pointsInBatches(String run, int points, int keys) {
        List<Metric> batch = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            batch.add(metric("metric" + i % keys, i * 0.1, i / keys));
            if (batch.size() == BATCH || i == points - 1) {
                client.logBatch(run, batch, List.of(), List.of());
                batch.clear();
            }
        }
    }

    /** As code is that calls what logs one thing. */
    Durations smallRunsOneByOne(String experiment, Workload work) {
        Durations durations = new Durations(work.runs());
        for (int number = 0; number < work.runs(); number++) {
            long begin = System.nanoTime();
            String run = createRun(experiment);
            for (int i = 0; i < work.params(); i++) {
                client.logParam(run, "param" + i, Workload.param(number, i));
            }
            for (int i = 0; i < work.metrics(); i++) {
                client.logMetric(run, "metric" + i, Workload.metric(number, i), System.currentTimeMillis(), 0);
            }
            client.setTag(run, Workload.TAG, Workload.TAG_VALUE);
            client.setTerminated(run);
            durations.add(System.nanoTime() - begin);
        }
        return durations;
    }

    /** Three requests for each run. */
    Durations smallRunsInBatches(String experiment, Workload work) {
        Durations durations = new Durations(work.runs());
        RunTag tag = RunTag.newBuilder()
                .setKey(Workload.TAG)
                .setValue(Workload.TAG_VALUE)
                .build();
        for (int number = 0; number < work.runs(); number++) {
            long begin = System.nanoTime();
            String run = createRun(experiment);
            List<Param> params = new ArrayList<>();
            for (int i = 0; i < work.params(); i++) {
                params.add(Param.newBuilder()
                        .setKey("param" + i)
                        .setValue(Workload.param(number, i))
                        .build());
            }
            List<Metric> metrics = new ArrayList<>();
            for (int i = 0; i < work.metrics(); i++) {
                metrics.add(metric("metric" + i, Workload.metric(number, i), 0));
            }
            client.logBatch(run, metrics, params, List.of(tag));
            client.setTerminated(run);
            durations.add(System.nanoTime() - begin);
        }
        return durations;
    }

    /** Searches, and returns the number of runs found. */
    int search(String experiment, String filter) {
        return client.searchRuns(
                        List.of(experiment), filter, ViewType.ACTIVE_ONLY, Workload.BEST, List.of(Workload.ORDER))
                .getItems()
                .size();
    }

    /** Reads a history, and returns the number of its points. */
    int history(String run, String key) {
        return client.getMetricHistory(run, key).size();
    }

    private static Metric metric(String key, double value, long step) {
        return Metric.newBuilder()
                .setKey(key)
                .setValue(value)
                .setTimestamp(System.currentTimeMillis())
                .setStep(step)
                .build();
    }

    @Override
    public void close() {
        client.close();
    }
}
