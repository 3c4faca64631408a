package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Tables.Dataset;
import io.mlops.backends.http.standin.Tables.Experiment;
import io.mlops.backends.http.standin.Tables.Input;
import io.mlops.backends.http.standin.Tables.Output;
import io.mlops.backends.http.standin.Tables.Run;
import java.util.Map;
import java.util.Set;

/** The calls about one run, except those that log. */
final class RunCalls {
    private static final String NAME = "mlflow.runName";
    private static final Set<String> STATUSES = Set.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");

    private final Tables tables;
    private final Release release;

    RunCalls(Tables tables, Release release) {
        this.tables = tables;
        this.release = release;
    }

    void addTo(Routes routes) {
        routes.add("POST", "runs/create", this::create);
        routes.add("GET", "runs/get", call -> shown(tables.run(id(call))));
        routes.add("POST", "runs/update", this::update);
        routes.add("POST", "runs/delete", call -> mark(call, true));
        routes.add("POST", "runs/restore", call -> mark(call, false));
        routes.add("POST", "runs/delete-tag", this::untag);
        routes.add("POST", "runs/log-inputs", this::inputs);
        if (release.three()) {
            routes.add("POST", "runs/outputs", this::outputs);
        }
    }

    static String id(Arguments call) {
        return call.has("run_id") || !call.has("run_uuid") ? call.required("run_id") : call.required("run_uuid");
    }

    private ObjectNode shown(Run run) {
        return Answers.object("run", Answers.run(run, release));
    }

    private ObjectNode create(Arguments call) {
        Experiment experiment = ExperimentCalls.byId(tables, call.text("experiment_id"), release);
        ExperimentCalls.checkActive(experiment);
        Map<String, String> tags = call.pairs("tags");
        String name = call.text("run_name");
        String named = tags.getOrDefault(NAME, "");
        if (!name.isEmpty() && !named.isEmpty() && !name.equals(named)) {
            throw Refusal.invalid("Both 'run_name' argument and 'mlflow.runName' tag are specified, but with"
                    + " different values (run_name='" + name + "', mlflow.runName='" + named + "').");
        }
        Run run = new Run(experiment);
        run.started = call.number("start_time", 0);
        run.user = call.text("user_id");
        run.name = !name.isEmpty() ? name : !named.isEmpty() ? named : "invented-name-" + tables.runs.size();
        run.tags.putAll(tags);
        run.tags.put(NAME, run.name);
        tables.runs.put(run.id, run);
        ObjectNode shown = Answers.run(run, release);
        shown.remove("outputs");
        if (release == Release.V2_9) {
            shown.remove("inputs");
        }
        return Answers.object("run", shown);
    }

    private ObjectNode update(Arguments call) {
        String status = call.text("status");
        Run run = tables.activeRun(id(call));
        if (STATUSES.contains(status)) {
            run.status = status;
        }
        if (call.has("end_time")) {
            run.ended = call.number("end_time", 0);
        }
        if (!call.text("run_name").isEmpty()) {
            rename(run, call.text("run_name"));
        }
        return Answers.object("run_info", Answers.runInfo(run));
    }

    private static void rename(Run run, String name) {
        run.name = name;
        run.tags.put(NAME, name);
    }

    /** Sets a tag; one of them is the name, too. */
    static void tag(Run run, String key, String value) {
        if (!key.equals(NAME)) {
            run.tags.put(key, value);
        } else if (!value.isEmpty()) {
            rename(run, value);
        }
    }

    private ObjectNode mark(Arguments call, boolean deleted) {
        tables.run(id(call)).deleted = deleted;
        return Answers.object();
    }

    private ObjectNode untag(Arguments call) {
        String id = id(call);
        String key = call.required("key");
        Run run = tables.activeRun(id);
        if (run.tags.remove(key) == null) {
            throw Refusal.unknown("No tag with name: " + key + " in run with id " + run.id);
        }
        return Answers.object();
    }

    private ObjectNode inputs(Arguments call) {
        String id = id(call);
        if (!release.three() && !call.has("datasets")) {
            throw Refusal.missing("datasets");
        }
        call.items("datasets").forEach(RunCalls::check);
        Run run = tables.activeRun(id);
        for (Arguments each : call.items("datasets")) {
            Dataset given = dataset(given(each));
            // The first of one name and digest is kept, with the tags of the first edge.
            String key = run.experiment.id + "\0" + given.name() + "\0" + given.digest();
            Dataset kept = tables.datasets.computeIfAbsent(key, unused -> given);
            if (run.inputs.stream().noneMatch(input -> input.dataset().equals(kept))) {
                run.inputs.add(new Input(kept, each.pairs("tags")));
            }
        }
        if (release.three()) {
            call.items("models").forEach(model -> run.modelInputs.put(model.text("model_id"), true));
        }
        return Answers.object();
    }

    private static Arguments given(Arguments input) {
        if (!(input.fields().get("dataset") instanceof ObjectNode dataset)) {
            throw Refusal.internal("Dataset input must have a dataset associated with it.");
        }
        return new Arguments(dataset);
    }

    private static void check(Arguments input) {
        Arguments dataset = given(input);
        Keys.limit("name", 500, dataset.text("name"));
        Keys.limit("digest", 36, dataset.text("digest"));
        Keys.limit("source", 65_535, dataset.text("source"));
        Keys.limit("schema", 1_048_575, dataset.text("schema"));
        Keys.limit("profile", 16_777_215, dataset.text("profile"));
        input.pairs("tags").forEach((key, value) -> {
            Keys.limit("key", 255, key);
            Keys.limit("value", 500, value);
        });
    }

    private static Dataset dataset(Arguments given) {
        return new Dataset(
                given.text("name"),
                given.text("digest"),
                given.text("source_type"),
                given.text("source"),
                given.has("schema") ? given.text("schema") : null,
                given.has("profile") ? given.text("profile") : null);
    }

    private ObjectNode outputs(Arguments call) {
        String id = id(call);
        Run run = tables.activeRun(id);
        for (Arguments each : call.items("models")) {
            String model = each.text("model_id");
            if (run.outputs.stream().anyMatch(output -> output.model().equals(model))) {
                throw Refusal.database("UNIQUE constraint failed: inputs.source_type, inputs.source_id, …");
            }
        }
        call.items("models")
                .forEach(each -> run.outputs.add(new Output(each.text("model_id"), each.number("step", 0))));
        return Answers.object();
    }
}
