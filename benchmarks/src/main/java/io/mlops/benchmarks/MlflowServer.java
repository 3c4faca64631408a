package io.mlops.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** MLflow's tracking server on SQLite, for as long as this is open; it ends with this JVM, too. Thread-safe. */
final class MlflowServer implements AutoCloseable {
    /** No usage data, no processes for jobs that nobody has, no talk, and no way around through a proxy. */
    static final Map<String, String> ENVIRONMENT = Map.of(
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false",
            "MLFLOW_DISABLE_TELEMETRY", "true",
            "DO_NOT_TRACK", "true",
            "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true",
            "MLFLOW_LOGGING_LEVEL", "WARNING",
            "NO_PROXY", "127.0.0.1");

    private static final long START_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int POLL_MILLIS = 100;
    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final String uri;
    private final Thread atExit = new Thread(this::kill);

    private MlflowServer(Process process, String uri) {
        this.process = process;
        this.uri = uri;
    }

    /**
     * Returns when it answers.
     *
     * @param python has MLflow
     * @param folder where its data and its log go
     */
    static MlflowServer start(String python, Path folder) throws IOException, InterruptedException {
        int port = freePort();
        Path log = folder.resolve("server.log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        python,
                        "-m",
                        "mlflow",
                        "server",
                        "--backend-store-uri",
                        "sqlite:///" + folder.resolve("mlflow.db"),
                        "--artifacts-destination",
                        folder.resolve("artifacts").toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--workers",
                        "1"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(ENVIRONMENT);
        MlflowServer server = new MlflowServer(builder.start(), "http://127.0.0.1:" + port);
        Runtime.getRuntime().addShutdownHook(server.atExit);
        try {
            server.awaitHealth(log);
            return server;
        } catch (Throwable t) {
            server.close();
            throw t;
        }
    }

    String uri() {
        return uri;
    }

    String version() throws IOException {
        return get("/version");
    }

    private void awaitHealth(Path log) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            try {
                String unused = get("/health");
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - begin > START_NANOS) {
                    throw new IOException("MLflow's server does not start: " + Files.readString(log), e);
                }
                boolean unused = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private String get(String path) throws IOException {
        try (InputStream body = URI.create(uri + path).toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        kill();
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook runs.
            return;
        }
    }

    /** With the workers that it started. Nothing it has is worth a slow end. */
    private void kill() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
        try {
            boolean unused = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
