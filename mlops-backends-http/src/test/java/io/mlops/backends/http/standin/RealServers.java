package io.mlops.backends.http.standin;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real MLflow servers of this JVM, each started when a test first asks for it and stopped when all tests have run.
 * A Python program keeps each of them: should this JVM die, it sees its input end, and stops the server. Thread-safe.
 */
public final class RealServers implements AutoCloseable {
    private static final ExtensionContext.Namespace SERVERS = ExtensionContext.Namespace.create(RealServers.class);

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<Release, Kept> started = new EnumMap<>(Release.class);

    /** Guarded by the lock. One counts for all tests, so that each loses another answer. */
    private final Map<Release, LossyProxy> proxies = new EnumMap<>(Release.class);

    /** Returns the servers of all tests of this JVM. */
    static RealServers of(ExtensionContext context) {
        return context.getRoot()
                .getStore(SERVERS)
                .getOrComputeIfAbsent(RealServers.class, unused -> new RealServers(), RealServers.class);
    }

    /** Returns the server of this version, with what the last test left, behind a proxy if answers are to be lost. */
    TestServer get(Release release, int losesEvery) throws IOException, URISyntaxException {
        lock.lock();
        try {
            Kept kept = started.get(release);
            if (kept == null) {
                kept = new Kept(NeedsServer.Condition.python(release));
                started.put(release, kept);
            }
            if (losesEvery == 0) {
                return kept;
            }
            LossyProxy proxy = proxies.get(release);
            if (proxy == null) {
                proxy = LossyProxy.before(kept, losesEvery);
                proxies.put(release, proxy);
            }
            return proxy;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            for (LossyProxy proxy : proxies.values()) {
                proxy.close();
            }
            for (Kept kept : started.values()) {
                kept.stop();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A server, and the program that keeps it. */
    private static final class Kept implements TestServer {
        private final Process keeper;
        private final BufferedReader answers;
        private final String address;

        Kept(String python) throws IOException, URISyntaxException {
            Path script = Path.of(
                    RealServers.class.getResource("/servers/keep_server.py").toURI());
            Path folder = Files.createTempDirectory("mlflow");
            ProcessBuilder program = new ProcessBuilder(python, script.toString(), folder.toString());
            program.environment().put("MLFLOW_ENABLE_TELEMETRY", "false");
            program.environment().put("DO_NOT_TRACK", "true");
            keeper = program.redirectError(new File(folder.toFile(), "keeper.log"))
                    .start();
            answers = keeper.inputReader(StandardCharsets.UTF_8);
            String port = answers.readLine();
            if (port == null) {
                throw new IOException("no server was started; see the logs in " + folder);
            }
            address = "http://127.0.0.1:" + port;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public void empty() throws IOException {
            Writer questions = keeper.outputWriter(StandardCharsets.UTF_8);
            questions.write("empty\n");
            questions.flush();
            if (answers.readLine() == null) {
                throw new IOException("the server at " + address + " is not kept any more");
            }
        }

        void stop() {
            keeper.destroy();
            keeper.onExit().join();
        }
    }
}
