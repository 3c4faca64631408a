package io.mlops.backends.http.server;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.query.NotFound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds runs by the ids that the library gave them, or by the server's own for those that others made. Which run of the
 * server an id means is remembered, since it never changes unless the run is gone. Thread-safe.
 */
public final class RunIds {
    private static final Logger LOG = LoggerFactory.getLogger(RunIds.class);
    private static final Pattern STORE_ID = Pattern.compile("[0-9a-f]{32}");
    private static final String MISSING = "RESOURCE_DOES_NOT_EXIST";
    private static final AnswerReader<ServerRun> ONE = Answers.field("run", ServerRun::read);
    private static final AnswerReader<Listed<ServerRun>> PAGE = Listed.in("runs", ServerRun::read);

    /** Number of experiments that a search names at once. */
    private static final int PORTION = 1000;

    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_NEAR = 100;

    private final Wire wire;
    private final ExperimentIds experiments;
    private final ReentrantLock lock = new ReentrantLock();
    /** The runs that were used last; guarded by the lock. */
    private final Map<RunId, FoundRun> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, FoundRun> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** The runs of the server at the other end of the wire. */
    public RunIds(Wire wire, ExperimentIds experiments) {
        this.wire = wire;
        this.experiments = experiments;
    }

    /** Asks the server for a run as it is now. */
    public Optional<ServerRun> find(RunId id) {
        FoundRun known = remembered(id);
        if (known != null) {
            ServerRun run = byStoreId(known.storeId());
            // One that was made twice loses the id, and what was remembered may be the second one.
            if (run != null && (run.isOurs(id) || run.storeId().equals(id.value()))) {
                return Optional.of(run);
            }
            forget(id);
        }
        ServerRun run = STORE_ID.matcher(id.value()).matches() ? byStoreId(id.value()) : null;
        if (run == null) {
            run = oldest(byTag(id));
        }
        if (run != null) {
            remember(id, run);
        }
        return Optional.ofNullable(run);
    }

    /**
     * Asks the server for a run as it is now.
     *
     * @throws NotFoundException telling which runs are near
     */
    public ServerRun read(RunId id) {
        return find(id).orElseThrow(() -> notFound(id));
    }

    /**
     * Tells which run of the server an id means, without asking if that was found out before.
     *
     * @throws NotFoundException telling which runs are near
     */
    public FoundRun get(RunId id) {
        FoundRun known = remembered(id);
        return known != null ? known : FoundRun.of(id, read(id));
    }

    /** The run as the API shows it. */
    public RunInfo info(ServerRun run) {
        return run.info(experiments.name(run.experimentId()));
    }

    /** What messages call a run. */
    public String described(FoundRun run) {
        return "run " + run.id() + " in " + experiments.described(run.experimentId());
    }

    /** Remembers which run of the server an id means. */
    public FoundRun remember(RunId id, ServerRun run) {
        FoundRun found = FoundRun.of(id, run);
        lock.lock();
        try {
            remembered.put(id, found);
        } finally {
            lock.unlock();
        }
        return found;
    }

    /** Asks again at the next time which run of the server an id means. */
    public void forget(RunId id) {
        lock.lock();
        try {
            remembered.remove(id);
        } finally {
            lock.unlock();
        }
    }

    /** Which run of the server an id means; null if that has to be asked for. */
    public @Nullable FoundRun remembered(RunId id) {
        lock.lock();
        try {
            return remembered.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** The server's own id of a run; null if the server has no such run. */
    public @Nullable String storeIdOf(RunId id) {
        FoundRun known = remembered(id);
        return known != null
                ? known.storeId()
                : find(id).map(ServerRun::storeId).orElse(null);
    }

    private @Nullable ServerRun byStoreId(String storeId) {
        Answer<ServerRun> answer = wire.ask(Call.get(Call.mlflow("runs/get")).query("run_id", storeId), ONE);
        return answer.is(MISSING) ? null : answer.orThrow();
    }

    private List<ServerRun> byTag(RunId id) {
        List<String> all = experiments.all().stream().map(ServerExperiment::id).toList();
        List<ServerRun> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += PORTION) {
            List<String> some = all.subList(from, Math.min(all.size(), from + PORTION));
            Map<String, Object> request = request(some, "ALL");
            request.put("filter", "tags.`" + Reserved.ID + "` = '" + id.value() + "'");
            Listed<ServerRun> page =
                    wire.call(Call.post(Call.mlflow("runs/search")).body(JsonBody.of(request)), PAGE);
            // Some databases find a value in another case as well.
            page.items().stream().filter(run -> run.isOurs(id)).forEach(found::add);
        }
        return found;
    }

    private static Map<String, Object> request(List<String> experimentIds, String view) {
        return new TreeMap<>(Map.of("experiment_ids", experimentIds, "run_view_type", view, "max_results", MAX_NEAR));
    }

    /** The run that counts of those that were made under one id; the others lose it. */
    private @Nullable ServerRun oldest(List<ServerRun> runs) {
        if (runs.isEmpty()) {
            return null;
        }
        List<ServerRun> sorted = runs.stream()
                .sorted(Comparator.comparing(ServerRun::started).thenComparing(ServerRun::storeId))
                .toList();
        sorted.subList(1, sorted.size()).forEach(run -> retire(run, sorted.get(0)));
        return sorted.get(0);
    }

    private void retire(ServerRun duplicate, ServerRun first) {
        LOG.warn(
                "run {} was made twice, as {} and {} of {}: the first counts, the other one is deleted",
                first.id(),
                first.storeId(),
                duplicate.storeId(),
                wire.name());
        String id = duplicate.storeId();
        if (duplicate.deleted()) {
            send("runs/restore", Map.of("run_id", id));
        }
        send("runs/set-tag", Map.of("run_id", id, "key", Reserved.DUPLICATE_OF, "value", first.storeId()));
        send("runs/delete-tag", Map.of("run_id", id, "key", Reserved.ID));
        send("runs/delete", Map.of("run_id", id));
    }

    private void send(String endpoint, Map<String, String> request) {
        Answer<Boolean> answer =
                wire.ask(Call.post(Call.mlflow(endpoint)).body(JsonBody.of(request)), AnswerReader.ignoring());
        if (!answer.is(MISSING)) {
            boolean unused = answer.orThrow();
        }
    }

    private NotFoundException notFound(RunId id) {
        List<String> all = experiments.all().stream()
                .map(ServerExperiment::id)
                .limit(PORTION)
                .toList();
        List<String> near = all.isEmpty()
                ? List.of()
                : wire
                        .call(
                                Call.post(Call.mlflow("runs/search")).body(JsonBody.of(request(all, "ACTIVE_ONLY"))),
                                PAGE)
                        .items()
                        .stream()
                        .map(run -> run.id().value())
                        .toList();
        return NotFound.run(id, wire.name(), near);
    }
}
