package io.mlops.backends.http.run;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.MlopsException;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.core.codec.EnvironmentJson;
import io.mlops.core.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environments of runs, each in a hidden file of the run that is named by the digest of its bytes and never written
 * again; a tag of the run says which one counts. Thread-safe.
 */
final class RunEnvironments {
    private static final Logger LOG = LoggerFactory.getLogger(RunEnvironments.class);
    private static final int DIGITS = 16;

    /** The environment that was stored last, most often that of this process. */
    private record Stored(RunEnvironment environment, String json, Digest digest) {}

    private final HiddenFiles files;
    private final AtomicBoolean warned = new AtomicBoolean();
    /** Any thread may set it. */
    private volatile @Nullable Stored last;

    RunEnvironments(HiddenFiles files) {
        this.files = files;
    }

    /**
     * Stores the environment of a run and returns its digest. If that fails twice, the run goes on without, with a warning:
     * what else the run recorded must not wait for it.
     */
    @Nullable
    Digest store(ServerRun run, RunEnvironment environment) {
        Stored stored = stored(environment);
        byte[] bytes = stored.json().getBytes(StandardCharsets.UTF_8);
        if (stored.digest().toString().equals(run.tags().get(Reserved.ENVIRONMENT))) {
            return stored.digest();
        }
        try {
            try {
                files.put(run, name(stored.digest()), bytes);
            } catch (BackendUnavailableException once) {
                files.put(run, name(stored.digest()), bytes);
            }
            return stored.digest();
        } catch (MlopsException e) {
            if (!warned.getAndSet(true)) {
                LOG.warn("the environment of run {} could not be stored, nor may those of others be", run.id(), e);
            }
            return null;
        }
    }

    /** Reads the environment of a run; none if it is not known to have one. */
    Optional<RunEnvironment> of(ServerRun run) {
        String tag = run.tags().get(Reserved.ENVIRONMENT);
        if (tag == null) {
            return Optional.empty();
        }
        String name = "of run " + run.id();
        try {
            Digest digest = Digest.parse(tag);
            byte[] bytes = files.read(run, name(digest));
            if (!digestOf(bytes).equals(digest)) {
                throw new CorruptDataException("the environment " + name + " is not what was written", null);
            }
            return Optional.of(EnvironmentJson.read(checked(Json.parse(bytes, "the environment " + name))));
        } catch (IllegalArgumentException othersWroteIt) {
            throw new CorruptDataException("tag " + Reserved.ENVIRONMENT + " " + name + " is no digest", othersWroteIt);
        }
    }

    private Stored stored(RunEnvironment environment) {
        Stored known = last;
        if (known == null || !known.environment().equals(environment)) {
            byte[] bytes = EnvironmentJson.write(environment, Json.object().put("format", 1))
                    .bytes();
            known = new Stored(environment, new String(bytes, StandardCharsets.UTF_8), digestOf(bytes));
            last = known;
        }
        return known;
    }

    private static Json checked(Json json) {
        if (json.number("format") != 1) {
            throw json.corrupt("format", "1: read it with a newer version of mlops", null);
        }
        return json;
    }

    private static String name(Digest digest) {
        return "environment-"
                + digest.hex().substring(0, Math.min(DIGITS, digest.hex().length())) + ".json";
    }

    private static Digest digestOf(byte[] bytes) {
        return Digest.sha256(ContentCopy.sha256().digest(bytes));
    }
}
