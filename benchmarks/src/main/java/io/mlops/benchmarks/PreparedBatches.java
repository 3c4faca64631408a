package io.mlops.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.mlflow.tracking.MlflowClient;

/** One connection that posts batches of a thousand points, whose text was made before: nobody can be faster in turn. */
final class PreparedBatches {
    private static final int BATCH = 1000;

    private final String uri;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<byte[]> bodies = new ArrayList<>();

    /** Batches for a new run in an experiment of their own. */
    PreparedBatches(String uri, int points) throws IOException {
        this.uri = uri;
        String run = newRun(uri);
        for (int first = 0; first < points; first += BATCH) {
            bodies.add(body(run, first, Math.min(points, first + BATCH)));
        }
    }

    private static String newRun(String uri) {
        try (MlflowClient client = new MlflowClient(uri)) {
            return client.createRun(client.createExperiment("prepared-" + System.nanoTime()))
                    .getRunId();
        }
    }

    private static byte[] body(String run, int from, int to) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        StringBuilder text = new StringBuilder("{\"run_id\":\"" + run + "\",\"metrics\":[");
        long now = System.currentTimeMillis();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ",")
                    .append("{\"key\":\"")
                    .append(TemporaryStore.KEYS.get(i & 3))
                    .append("\",\"value\":")
                    .append(i * 0.1)
                    .append(",\"timestamp\":")
                    .append(now)
                    .append(",\"step\":")
                    .append(i >> 2)
                    .append('}');
        }
        body.write(text.append("]}").toString().getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    /** Posts them in turn. */
    void post() {
        for (byte[] body : bodies) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(uri + "/api/2.0/mlflow/runs/log-batch"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            try {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException(answer.body());
                }
            } catch (IOException e) {
                throw new IllegalStateException("the server does not answer", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
