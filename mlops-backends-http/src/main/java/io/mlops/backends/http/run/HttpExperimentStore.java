package io.mlops.backends.http.run;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.ExperimentState;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.Listed;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.ServerExperiment;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.server.StoredName;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.query.ExperimentSearch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Experiments on an MLflow server. Thread-safe. */
public final class HttpExperimentStore implements ExperimentStore {
    private static final int PAGE = 1000;
    private static final String MISSING = "RESOURCE_DOES_NOT_EXIST";

    private final Wire wire;
    private final ServerFacts facts;
    private final ExperimentIds experiments;

    /** The experiments of the server at the other end of the wire. */
    public HttpExperimentStore(Wire wire, ServerFacts facts, ExperimentIds experiments) {
        this.wire = wire;
        this.facts = facts;
        this.experiments = experiments;
    }

    @Override
    public Experiment ensure(String name, Instant at) {
        return experiments.byId(experiments.ensure(name, at, Map.of())).experiment();
    }

    @Override
    public Optional<Experiment> find(String name) {
        return experiments.find(name).map(ServerExperiment::experiment);
    }

    @Override
    public Page<Experiment> search(String filter, Visibility visibility, PageRequest page) {
        ExperimentSearch search = ExperimentSearch.of(filter, visibility);
        List<Experiment> shown = experiments.all().stream()
                .filter(experiment -> !experiment.isHidden())
                .map(ServerExperiment::experiment)
                .toList();
        return search.page(shown, page);
    }

    @Override
    public void change(String name, ExperimentChange change, Instant at) {
        ServerExperiment there = experiments.get(name);
        if (change instanceof ExperimentChange.Renamed renamed
                && !renamed.name().equals(name)) {
            checkFree(there, renamed.name());
        }
        Experiment before = there.experiment();
        Experiment after = ExperimentState.of(before).apply(change, at).experiment();
        try {
            if (before.deleted() != after.deleted()) {
                if (after.deleted()) {
                    delete(there);
                } else {
                    restore(there);
                }
            }
            changeTags(there, before.tags(), after.tags());
            if (!after.name().equals(before.name())) {
                rename(there, after.name());
            }
        } finally {
            experiments.forget(there.id());
        }
    }

    private void checkFree(ServerExperiment experiment, String name) {
        experiments.find(name).ifPresent(other -> {
            if (!other.id().equals(experiment.id())) {
                throw new ConflictException("experiment '" + experiment.name() + "' cannot be renamed: there is "
                        + (other.deleted() ? "a deleted" : "an") + " experiment '" + name + "' already");
            }
        });
    }

    private void rename(ServerExperiment experiment, String name) {
        if (StoredName.EXPERIMENT.shortens(name)) {
            setTag(experiment.id(), Reserved.NAME, name);
        }
        Answer<Boolean> answer = ask(
                "experiments/update",
                Map.of("experiment_id", experiment.id(), "new_name", StoredName.EXPERIMENT.of(name)));
        if (answer instanceof Answer.Refused<Boolean>) {
            // Servers say it with the words of their database if somebody took the name just now.
            checkFree(experiment, name);
        }
        boolean unused = answer.orThrow();
    }

    private void changeTags(ServerExperiment experiment, Map<String, String> before, Map<String, String> after) {
        after.forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                setTag(experiment.id(), key, value);
            }
        });
        before.forEach((key, value) -> {
            if (!after.containsKey(key)) {
                removeTag(experiment.id(), key);
            }
        });
    }

    private void setTag(String id, String key, String value) {
        post("experiments/set-experiment-tag", Map.of("experiment_id", id, "key", key, "value", value));
    }

    private void removeTag(String id, String key) {
        if (facts.isBefore(3, 2, 0)) {
            setTag(id, key, Reserved.REMOVED);
            return;
        }
        Answer<Boolean> answer = ask("experiments/delete-experiment-tag", Map.of("experiment_id", id, "key", key));
        if (answer.hasStatus(404) && !answer.is(MISSING)) {
            // A server that does not tell its version, and has no such call.
            setTag(id, key, Reserved.REMOVED);
        } else if (!answer.is(MISSING)) {
            boolean unused = answer.orThrow();
        }
    }

    /** Deletes an experiment unless one of its runs cannot be deleted. */
    private void delete(ServerExperiment experiment) {
        for (String undeletable :
                List.of("attributes.status = 'RUNNING'", "tags.`" + Reserved.PRODUCED + "` = 'yes'")) {
            runs(experiment, undeletable, 1, null)
                    .items()
                    .forEach(run -> RunState.of(run.info(experiment.name())).checkDeletable());
        }
        show(experiment, false);
    }

    /** Restores an experiment; the server restores all of its runs with it, also those deleted by themselves before. */
    private void restore(ServerExperiment experiment) {
        show(experiment, true);
        String deletedBefore = "tags.`" + Reserved.DELETED + "` LIKE '%'";
        List<ServerRun> runs = Listed.all(token -> runs(experiment, deletedBefore, PAGE, token));
        for (ServerRun run : runs) {
            post("runs/delete", Map.of("run_id", run.storeId()));
        }
    }

    private void show(ServerExperiment experiment, boolean shown) {
        Answer<Boolean> answer =
                ask(shown ? "experiments/restore" : "experiments/delete", Map.of("experiment_id", experiment.id()));
        // A server that did it at the first try, and whose answer was lost, finds nothing to do at the second.
        boolean done = answer.is(MISSING) && experiments.byId(experiment.id()).deleted() != shown;
        if (!done) {
            boolean unused = answer.orThrow();
        }
    }

    private Listed<ServerRun> runs(ServerExperiment experiment, String filter, int limit, @Nullable String token) {
        Map<String, Object> request = new TreeMap<>(Map.of(
                "experiment_ids",
                List.of(experiment.id()),
                "filter",
                filter,
                "run_view_type",
                "ACTIVE_ONLY",
                "max_results",
                limit));
        if (token != null) {
            request.put("page_token", token);
        }
        return wire.call(
                Call.post(Call.mlflow("runs/search")).body(JsonBody.of(request)), Listed.in("runs", ServerRun::read));
    }

    private void post(String endpoint, Map<String, String> request) {
        boolean unused = ask(endpoint, request).orThrow();
    }

    private Answer<Boolean> ask(String endpoint, Map<String, String> request) {
        String id = request.get("experiment_id");
        Call call = Call.post(Call.mlflow(endpoint)).body(JsonBody.of(request));
        return wire.ask(id == null ? call : call.about(experiments.described(id)), AnswerReader.ignoring());
    }

    @Override
    public PurgeStep purge(Instant deletedBefore) {
        throw new UnsupportedByBackendException(
                wire.name() + " removes nothing for good over the network: run 'mlflow gc' where the server runs");
    }
}
