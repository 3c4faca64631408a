package io.mlops.backends.http.run;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.FoundRun;
import io.mlops.backends.http.server.KeyValues;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Changes runs on a server. Thread-safe. */
final class RunChanger {
    private static final String MISSING = "RESOURCE_DOES_NOT_EXIST";

    private static final int TOO_LARGE = 413;

    /** Number of characters of a digest that MLflow's tables hold. */
    private static final int DIGEST_LENGTH = 32;

    private static final int MAX_INPUTS = 1000;

    private final Wire wire;
    private final ServerFacts facts;
    private final ExperimentIds experiments;
    private final RunIds ids;
    private final KnownRuns known;
    private final RunEnvironments environments;

    RunChanger(
            Wire wire,
            ServerFacts facts,
            ExperimentIds experiments,
            RunIds ids,
            KnownRuns known,
            RunEnvironments environments) {
        this.wire = wire;
        this.facts = facts;
        this.experiments = experiments;
        this.ids = ids;
        this.known = known;
        this.environments = environments;
    }

    /** The server says that the run is not what it was thought to be. */
    private static final class OutdatedException extends Exception {
        private static final long serialVersionUID = 1;

        private final transient MlopsException refusal;

        OutdatedException(MlopsException refusal) {
            super(refusal);
            this.refusal = refusal;
        }
    }

    void change(RunId id, List<RunChange> changes) {
        KnownRun run = known.of(id);
        run.changing().lock();
        try {
            if (changes.isEmpty()) {
                checkAllowed(ids.get(id), run);
                return;
            }
            change(id, run, changes);
        } catch (ConflictException e) {
            throw e;
        } catch (RefusedException | UnsupportedByBackendException e) {
            run.refused(true);
            run.forget();
            throw e;
        } catch (RuntimeException | Error e) {
            run.forget();
            throw e;
        } finally {
            run.changing().unlock();
        }
    }

    /** After a refusal, finds out with a batch of nothing whether the server refuses whoever sends. */
    private void checkAllowed(FoundRun found, KnownRun run) {
        if (run.wasRefused()) {
            Answer<Boolean> answer = ask(found, "runs/log-batch", Map.of());
            if (!answer.hasStatus(400) && !answer.is(MISSING)) {
                boolean unused = answer.orThrow();
            }
            run.refused(false);
        }
    }

    private void change(RunId id, KnownRun run, List<RunChange> changes) {
        ServerRun state = run.state();
        boolean asked = state == null || (!run.isFresh() && changes.stream().anyMatch(RunChanger::dependsOnOthers));
        if (state == null || asked) {
            state = read(id, run);
        }
        try {
            if (!asked && changed(run, state, changes)) {
                return;
            }
            // What is known may be old: whoever else changed the run, now it is read.
            change(run, asked ? state : read(id, run), changes);
        } catch (OutdatedException e) {
            throw e.refusal;
        }
    }

    /** Tries a change of a run as far as it is known; false if that may be wrong. */
    private boolean changed(KnownRun run, ServerRun state, List<RunChange> changes) {
        try {
            change(run, state, changes);
            return true;
        } catch (OutdatedException | ConflictException e) {
            return false;
        }
    }

    private ServerRun read(RunId id, KnownRun run) {
        run.forget();
        ServerRun state = ids.read(id);
        run.read(state);
        return state;
    }

    /** Whether it matters to a change what others did to the run; of params the server itself takes care. */
    private static boolean dependsOnOthers(RunChange change) {
        return !(change instanceof RunFact.ParamSet
                || change instanceof RunFact.Tagged
                || change instanceof RunFact.Renamed);
    }

    private void change(KnownRun run, ServerRun state, List<RunChange> changes) throws OutdatedException {
        RunInfo before = ids.info(state);
        checkRestorable(state, changes);
        RunInfo after = RunState.of(before).apply(changes).info();
        RunPlan plan = RunPlan.of(state, before, after, changes, ids::storeIdOf);
        facts.checkRunTags(before.id(), plan.tags());
        send(state, plan);
        ServerRun done = plan.done();
        if (after.status().ended()) {
            run.forget();
            known.forget(before.id());
        } else {
            run.changed(done);
        }
    }

    private void checkRestorable(ServerRun run, List<RunChange> changes) {
        boolean shows = run.deleted() && changes.stream().anyMatch(change -> change instanceof RunChange.Restored);
        if (shows && experiments.byId(run.experimentId()).deleted()) {
            throw new ConflictException("the experiment of run " + run.id() + " is deleted: restore that first");
        }
    }

    private void send(ServerRun run, RunPlan plan) throws OutdatedException {
        FoundRun found = FoundRun.of(run.id(), run);
        if (plan.restored()) {
            post(found, "runs/restore", Map.of());
        }
        if (plan.environment() != null) {
            Digest digest = environments.store(run, plan.environment());
            if (digest != null && !digest.toString().equals(run.tags().get(Reserved.ENVIRONMENT))) {
                plan.tags().put(Reserved.ENVIRONMENT, digest.toString());
            }
        }
        for (Batches.Batch batch : Batches.of(plan.params(), plan.tags())) {
            send(found, batch);
        }
        for (String key : plan.untagged()) {
            Answer<Boolean> answer = ask(found, "runs/delete-tag", Map.of("key", key));
            if (!answer.is(MISSING)) {
                done(answer);
            }
        }
        logInputs(found, plan.newInputs());
        if (!plan.update().isEmpty()) {
            post(found, "runs/update", plan.update());
        }
        if (plan.deleted()) {
            post(found, "runs/delete", Map.of());
        }
    }

    /** Sends facts; what a proxy between finds too long goes in halves. */
    private void send(FoundRun found, Batches.Batch batch) throws OutdatedException {
        Map<String, Object> request = new HashMap<>();
        putUnlessEmpty(request, "params", batch.params());
        putUnlessEmpty(request, "tags", batch.tags());
        Answer<Boolean> answer = ask(found, "runs/log-batch", request);
        if (!answer.hasStatus(TOO_LARGE) || batch.size() <= 1) {
            done(answer);
            return;
        }
        for (Batches.Batch half : batch.halves()) {
            send(found, half);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> request, String field, SortedMap<String, String> values) {
        if (!values.isEmpty()) {
            request.put(field, KeyValues.list(values));
        }
    }

    /** Tells MLflow's own tables what the run read, as far as they have room for it. */
    private void logInputs(FoundRun run, List<RunInput> inputs) throws OutdatedException {
        for (int from = 0; from < inputs.size(); from += MAX_INPUTS) {
            List<Map<String, Object>> datasets = new ArrayList<>();
            for (RunInput input : inputs.subList(from, Math.min(inputs.size(), from + MAX_INPUTS))) {
                String hex = input.digest().hex();
                datasets.add(Map.of(
                        "dataset",
                        Map.of(
                                "name", input.name(),
                                "digest", hex.substring(0, Math.min(hex.length(), DIGEST_LENGTH)),
                                "source_type", "external",
                                "source", input.source()),
                        "tags",
                        KeyValues.list(Map.of("mlflow.data.context", input.role()))));
            }
            post(run, "runs/log-inputs", Map.of("datasets", datasets));
        }
    }

    private void post(FoundRun run, String endpoint, Map<String, ?> fields) throws OutdatedException {
        done(ask(run, endpoint, fields));
    }

    private Answer<Boolean> ask(FoundRun run, String endpoint, Map<String, ?> fields) {
        Map<String, Object> request = new HashMap<>(fields);
        request.put("run_id", run.storeId());
        return wire.ask(
                Call.post(Call.mlflow(endpoint)).about(ids.described(run)).body(JsonBody.of(request)),
                AnswerReader.ignoring());
    }

    private static void done(Answer<Boolean> answer) throws OutdatedException {
        if (answer.hasStatus(400) || answer.is(MISSING)) {
            throw new OutdatedException(((Answer.Refused<Boolean>) answer).exception());
        }
        boolean unused = answer.orThrow();
    }
}
