package io.mlops.backends.http.server;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Names;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Times;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Fields;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.query.NotFound;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells which experiment is meant by a name or by the server's id. What was read is believed for seconds only, since
 * others may rename it. Thread-safe.
 */
public final class ExperimentIds {
    private static final long BELIEVED_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MAX_BELIEVED = 10_000;
    private static final int PAGE = 1000;

    private static final AnswerReader<ServerExperiment> ONE = Answers.field("experiment", ServerExperiment::read);

    private record Believed(ServerExperiment experiment, long untilNanos) {}

    private final Wire wire;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    /** By the server's id; guarded by the lock. */
    private final Map<String, Believed> byId = new HashMap<>();
    /** The server's ids by the names that it keeps; guarded by the lock. */
    private final Map<String, String> idByName = new HashMap<>();
    /** Held by whoever makes an experiment, so that many that start at once ask for it once. */
    private final ReentrantLock making = new ReentrantLock();

    /** The experiments of the server at the other end of the wire. */
    public ExperimentIds(Wire wire) {
        this(wire, System::nanoTime);
    }

    ExperimentIds(Wire wire, LongSupplier nanos) {
        this.wire = wire;
        this.nanos = nanos;
    }

    /** Asks the server for the experiment of this exact name, deleted or not. */
    public Optional<ServerExperiment> find(String name) {
        String stored = StoredName.EXPERIMENT.of(name);
        Answer<ServerExperiment> answer =
                wire.ask(Call.get(Call.mlflow("experiments/get-by-name")).query("experiment_name", stored), ONE);
        if (answer.is("RESOURCE_DOES_NOT_EXIST")) {
            return Optional.empty();
        }
        ServerExperiment found = believe(answer.orThrow());
        // Some databases find a name in another case as well.
        return found.name().equals(name) ? Optional.of(found) : Optional.empty();
    }

    /**
     * Asks the server for the experiment of this exact name, deleted or not.
     *
     * @throws NotFoundException telling which experiments there are
     */
    public ServerExperiment get(String name) {
        return find(name)
                .orElseThrow(() -> NotFound.experiment(
                        name,
                        wire.name(),
                        all().stream()
                                .filter(experiment -> !experiment.isHidden())
                                .map(ServerExperiment::name)
                                .toList()));
    }

    /**
     * Returns the server's id of an experiment, and makes it if need be.
     *
     * @param tags of the library's own, which a new one gets besides
     * @throws ConflictException if it is deleted
     */
    public String ensure(String name, Instant created, Map<String, String> tags) {
        Names.checkName("experiment", name);
        ServerExperiment known = believed(name);
        if (known == null) {
            making.lock();
            try {
                known = believed(name);
                if (known == null) {
                    return findOrMake(name, created, tags);
                }
            } finally {
                making.unlock();
            }
        }
        return active(known).id();
    }

    private String findOrMake(String name, Instant created, Map<String, String> tags) {
        Optional<ServerExperiment> there = find(name);
        if (there.isPresent()) {
            return active(there.get()).id();
        }
        Map<String, String> all = new TreeMap<>(tags);
        all.put(Reserved.CREATED, Long.toString(Times.storable(created).toEpochMilli()));
        if (StoredName.EXPERIMENT.shortens(name)) {
            all.put(Reserved.NAME, name);
        }
        String stored = StoredName.EXPERIMENT.of(name);
        Answer<String> made = wire.ask(
                Call.post(Call.mlflow("experiments/create"))
                        .body(JsonBody.of(Map.of("name", stored, "tags", KeyValues.list(all)))),
                Answers.field("experiment_id", Fields::text));
        if (made.is("RESOURCE_ALREADY_EXISTS") || made.is("ALREADY_EXISTS")) {
            // Somebody was faster, or the answer to an earlier try was lost.
            return active(find(name)
                            .orElseThrow(() -> new ConflictException(wire.name()
                                    + " has an experiment whose name differs from '" + name
                                    + "' only in case: choose another name")))
                    .id();
        }
        String id = made.orThrow();
        believe(new ServerExperiment(id, stored, "", Times.storable(created), created, all, false));
        return id;
    }

    private static ServerExperiment active(ServerExperiment experiment) {
        if (experiment.deleted()) {
            throw new ConflictException(
                    "experiment '" + experiment.name() + "' is deleted: restore it, or choose another name");
        }
        return experiment;
    }

    /**
     * The name that an experiment has now, by the server's id; believed for seconds.
     *
     * @throws NotFoundException if there is none of this id
     */
    public String name(String id) {
        lock.lock();
        try {
            Believed known = byId.get(id);
            if (known != null && known.untilNanos() - nanos.getAsLong() > 0) {
                return known.experiment().name();
            }
        } finally {
            lock.unlock();
        }
        return byId(id).name();
    }

    /** What messages call an experiment: by the name that was last read, however old, else by the server's id. */
    public String described(String id) {
        lock.lock();
        try {
            Believed known = byId.get(id);
            return known == null
                    ? "experiment " + id
                    : "experiment '" + known.experiment().name() + "'";
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks the server for the experiment of its own id.
     *
     * @throws NotFoundException if there is none
     */
    public ServerExperiment byId(String id) {
        return believe(wire.call(Call.get(Call.mlflow("experiments/get")).query("experiment_id", id), ONE));
    }

    /** Asks the server for all experiments, deleted and hidden ones, too. */
    public List<ServerExperiment> all() {
        List<ServerExperiment> all = Listed.all(this::page);
        all.forEach(this::believe);
        return all;
    }

    private Listed<ServerExperiment> page(@Nullable String token) {
        Map<String, Object> request = new TreeMap<>(Map.of("max_results", PAGE, "view_type", "ALL"));
        if (token != null) {
            request.put("page_token", token);
        }
        return wire.call(
                Call.post(Call.mlflow("experiments/search")).body(JsonBody.of(request)),
                Listed.in("experiments", ServerExperiment::read));
    }

    /** Believes nothing any more of an experiment that was changed. */
    public void forget(String id) {
        lock.lock();
        try {
            byId.remove(id);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ServerExperiment believed(String name) {
        lock.lock();
        try {
            Believed known = byId.get(idByName.getOrDefault(StoredName.EXPERIMENT.of(name), ""));
            if (known == null || known.untilNanos() - nanos.getAsLong() <= 0) {
                return null;
            }
            return known.experiment().name().equals(name) ? known.experiment() : null;
        } finally {
            lock.unlock();
        }
    }

    private ServerExperiment believe(ServerExperiment experiment) {
        lock.lock();
        try {
            // Of two with one name, one was renamed meanwhile.
            String other = idByName.put(experiment.storedName(), experiment.id());
            if (other != null) {
                byId.remove(other);
            }
            byId.remove(experiment.id());
            byId.put(experiment.id(), new Believed(experiment, nanos.getAsLong() + BELIEVED_NANOS));
            if (byId.size() > MAX_BELIEVED) {
                byId.clear();
                idByName.clear();
            }
        } finally {
            lock.unlock();
        }
        return experiment;
    }
}
