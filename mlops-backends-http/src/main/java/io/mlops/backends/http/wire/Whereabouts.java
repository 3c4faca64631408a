package io.mlops.backends.http.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where MLflow answers, and which version. Whoever got the address of a user interface or forgot a path is told, and never
 * led elsewhere by itself. Thread-safe.
 */
final class Whereabouts {
    private static final Logger LOG = LoggerFactory.getLogger(Whereabouts.class);
    private static final int LONGEST_HEALTH = 20;

    private final Address server;
    private final Health health;
    private final ReentrantLock lock = new ReentrantLock();
    /** Whether it was looked for, which is done once. Guarded by lock. */
    private boolean looked;
    /** Guarded by lock. */
    private @Nullable String found;
    /** Whether it has said something that only MLflow says. */
    private volatile boolean answered;

    /** As somebody told it; null if nobody did. */
    private volatile @Nullable String version;

    /** Asks an address how it is, and gives the beginning of what it says if it is well. */
    @FunctionalInterface
    interface Health {
        @Nullable
        String ask(String url) throws IOException;
    }

    Whereabouts(Address server, Health health) {
        this.server = server;
        this.health = health;
    }

    /** It has answered as only MLflow does. */
    void answered() {
        answered = true;
    }

    void version(String told) {
        version = told;
    }

    /** The version, which is asked for if nobody has told it. */
    String version() {
        String told = version;
        if (told == null) {
            told = asked();
            version = told;
        }
        return told;
    }

    private String asked() {
        try {
            String says = health.ask(server.name() + "/version");
            if (says != null && says.strip().matches("[0-9A-Za-z.+-]{1,40}")) {
                return says.strip();
            }
        } catch (IOException silence) {
            LOG.debug("{} does not tell its version", server.name(), silence);
        }
        return "of a version that it does not tell";
    }

    /** Whether MLflow is at the address. */
    boolean isHere() {
        return answered || server.name().equals(find());
    }

    /** The address of the same host where MLflow answers; null if there is none. */
    @Nullable
    String find() {
        lock.lock();
        try {
            if (!looked) {
                looked = true;
                found = look();
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String look() {
        for (String path : paths()) {
            String base = server.origin() + path;
            if (isWell(base)) {
                return base;
            }
        }
        return null;
    }

    private boolean isWell(String base) {
        try {
            String says = health.ask(base + "/health");
            return says != null
                    && says.length() <= LONGEST_HEALTH
                    && says.strip().equals("OK");
        } catch (IOException silence) {
            LOG.debug("no MLflow at {}", base, silence);
            return false;
        }
    }

    /** The path itself, and what is left if its last parts are taken away. */
    private List<String> paths() {
        Set<String> paths = new LinkedHashSet<>();
        String path = server.path();
        while (!path.isEmpty()) {
            paths.add(path);
            path = path.substring(0, path.lastIndexOf('/'));
        }
        paths.add("");
        return new ArrayList<>(paths);
    }
}
