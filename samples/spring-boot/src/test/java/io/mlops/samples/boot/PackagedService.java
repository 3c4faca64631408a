package io.mlops.samples.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The jar as users start it, in a process of its own. */
final class PackagedService implements AutoCloseable {
    static final Path JAR =
            Path.of(System.getProperty("service.jar", "target/service.jar")).toAbsolutePath();
    private static final Pattern STARTED = Pattern.compile("started on port\\D*(\\d+)");

    private final Process process;
    private final Thread listener;
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    PackagedService(ChurnStore store) throws IOException {
        process = java("-jar", JAR.toString(), "--server.port=0", "--churn.store=" + store.address());
        listener = new Thread(this::listen, "output of the service");
        listener.setDaemon(true);
        listener.start();
    }

    /** With the Java that runs the tests. */
    static Process java(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        builder.command()
                .add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return builder.start();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                Matcher started = STARTED.matcher(line);
                if (started.find()) {
                    port.complete(Integer.valueOf(started.group(1)));
                }
            }
        } catch (IOException endedByForce) {
            said.add(endedByForce.toString());
        }
        port.completeExceptionally(new IllegalStateException("the service did not start: " + said));
    }

    int port() throws Exception {
        return port.get(60, TimeUnit.SECONDS);
    }

    /** Asks the service to stop, as process managers do, and goes on listening to it. */
    void terminate() {
        process.toHandle().destroy();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still there after a minute: " + said);
        }
        listener.join();
        return process.exitValue();
    }

    String output() {
        return String.join("\n", said);
    }

    /** What the service complained of. */
    List<String> complaints() {
        return said.stream()
                .filter(line -> line.contains("WARN") || line.contains("ERROR") || line.contains("Exception"))
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
