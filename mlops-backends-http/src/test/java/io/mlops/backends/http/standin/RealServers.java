package io.mlops.backends.http.standin;

import java.io.IOException;
import java.net.URISyntaxException;
import java.util.EnumMap;
import java.util.HashMap;
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
    private final Map<Kind, RealServer> started = new HashMap<>();

    /** Guarded by the lock. One counts for all tests, so that each loses another answer. */
    private final Map<Release, LossyProxy> proxies = new EnumMap<>(Release.class);

    private record Kind(Release release, Setup setup) {}

    /** Returns the servers of all tests of this JVM. */
    static RealServers of(ExtensionContext context) {
        return context.getRoot()
                .getStore(SERVERS)
                .getOrComputeIfAbsent(RealServers.class, unused -> new RealServers(), RealServers.class);
    }

    /** Returns the server of this kind, with what the last test left. */
    RealServer get(Release release, Setup setup) throws IOException, URISyntaxException {
        lock.lock();
        try {
            Kind kind = new Kind(release, setup);
            RealServer server = started.get(kind);
            if (server == null) {
                server = new RealServer(NeedsServer.Condition.python(release), setup);
                started.put(kind, server);
            }
            return server;
        } finally {
            lock.unlock();
        }
    }

    /** Returns a proxy before the server of this version that loses each answer of this number. */
    TestServer losing(Release release, int every) throws IOException, URISyntaxException {
        lock.lock();
        try {
            LossyProxy proxy = proxies.get(release);
            if (proxy == null) {
                proxy = LossyProxy.before(get(release, Setup.PLAIN), every);
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
            for (RealServer server : started.values()) {
                server.stop();
            }
        } finally {
            lock.unlock();
        }
    }
}
