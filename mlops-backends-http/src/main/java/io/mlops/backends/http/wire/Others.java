package io.mlops.backends.http.wire;

import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.HttpSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Other servers that one server names, each if the settings allow it; the name is data, and whatever else it holds refused.
 * Thread-safe.
 */
final class Others implements AutoCloseable {
    /** Each has connections and a thread of its own. */
    private static final int MOST = 8;

    private final Address server;
    private final HttpSettings settings;
    private final Function<String, Wire> opening;
    private final ReentrantLock lock = new ReentrantLock();
    /** By their names; guarded by lock. */
    private final Map<String, Wire> open = new HashMap<>();

    Others(Address server, HttpSettings settings, Function<String, Wire> opening) {
        this.server = server;
        this.settings = settings;
        this.opening = opening;
    }

    /** The server at an address; null for the one that names it. */
    @Nullable
    Wire get(String address) {
        Address other = parsed(address.startsWith("//") ? server.scheme() + ":" + address + server.path() : address);
        if (other.name().equals(server.name())) {
            return null;
        }
        String host = other.host().replaceAll("[\\[\\]]", "");
        if (!settings.places().mayCall(host, other.port())) {
            throw new RefusedException(
                    server.name() + " says that files lie on " + other.origin()
                            + ", which is another server: allow it by HttpSettings.allowHost",
                    null);
        }
        lock.lock();
        try {
            Wire known = open.get(other.name());
            if (known == null) {
                if (open.size() == MOST) {
                    throw new RefusedException(
                            server.name() + " names more than " + MOST + " other servers for its files", null);
                }
                known = opening.apply(other.name());
                open.put(other.name(), known);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private Address parsed(String address) {
        try {
            Address parsed = Address.parse(address);
            if (parsed.user() == null && Http.hostOf(parsed.name()) != null) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            // Its words are for people who type an address.
        }
        throw new RefusedException(server.name() + " says that files lie on a server at an address that is none", null);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            open.values().forEach(Wire::close);
        } finally {
            lock.unlock();
        }
    }
}
