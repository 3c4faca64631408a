package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Tables.Experiment;
import io.mlops.backends.http.standin.Tables.LoggedModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The calls about logged models, which servers from 3 on have. */
final class LoggedModelCalls {
    private static final Set<String> STATUSES =
            Set.of("LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED");

    private final Tables tables;
    private final Release release;

    LoggedModelCalls(Tables tables, Release release) {
        this.tables = tables;
        this.release = release;
    }

    void addTo(Routes routes) {
        routes.add("POST", "logged-models", this::create);
        routes.add("POST", "logged-models/search", this::search);
        routes.add("GET", "logged-models/{id}", call -> Answers.loggedModel(kept(call)));
        routes.add("PATCH", "logged-models/{id}", this::finish);
        routes.add("DELETE", "logged-models/{id}", this::delete);
        routes.add("POST", "logged-models/{id}/params", this::params);
        routes.add("PATCH", "logged-models/{id}/tags", this::tags);
        routes.add("DELETE", "logged-models/{id}/tags/{tag}", this::untag);
    }

    private LoggedModel of(Arguments call) {
        return tables.loggedModel(call.text("path.id"));
    }

    private LoggedModel kept(Arguments call) {
        LoggedModel model = of(call);
        if (model.deleted) {
            throw Refusal.unknown("Logged model with ID '" + model.id + "' not found.");
        }
        return model;
    }

    private ObjectNode create(Arguments call) {
        String experimentId = call.required("experiment_id");
        String name = call.text("name");
        if (name.chars().anyMatch(c -> "/:.%\"'".indexOf(c) >= 0)) {
            throw Refusal.invalid("Invalid model name (" + name + ") provided.");
        }
        Experiment experiment = ExperimentCalls.byId(tables, experimentId, release);
        ExperimentCalls.checkActive(experiment);
        LoggedModel model = new LoggedModel(experiment);
        model.name = name.isEmpty() ? "invented-name-" + tables.loggedModels.size() : name;
        model.type = call.text("model_type");
        model.sourceRun = call.text("source_run_id");
        model.params.putAll(call.pairs("params"));
        model.tags.putAll(call.pairs("tags"));
        tables.loggedModels.put(model.id, model);
        return Answers.loggedModel(model);
    }

    private ObjectNode finish(Arguments call) {
        call.required("model_id");
        String status = call.required("status");
        if (!STATUSES.contains(status)) {
            throw Refusal.invalid("Invalid value \"" + status + "\" for parameter 'status' supplied");
        }
        LoggedModel model = of(call);
        model.status = status;
        model.updated = Tables.now();
        return Answers.loggedModel(model);
    }

    private ObjectNode delete(Arguments call) {
        LoggedModel model = of(call);
        model.deleted = true;
        model.updated = Tables.now();
        return Answers.object();
    }

    private ObjectNode params(Arguments call) {
        LoggedModel model = of(call);
        call.pairs("params").forEach((key, value) -> {
            if (model.params.putIfAbsent(key, value) != null) {
                throw Refusal.database("UNIQUE constraint failed: logged_model_params.model_id, …");
            }
        });
        return Answers.object();
    }

    private ObjectNode tags(Arguments call) {
        of(call).tags.putAll(call.pairs("tags"));
        return Answers.object();
    }

    private ObjectNode untag(Arguments call) {
        LoggedModel model = of(call);
        if (model.tags.remove(call.text("path.tag")) == null) {
            throw Refusal.unknown("No tag with key '" + call.text("path.tag") + "' found for model");
        }
        return Answers.object();
    }

    private ObjectNode search(Arguments call) {
        List<String> experiments = call.texts("experiment_ids");
        if (!call.has("experiment_ids")) {
            throw Refusal.missing("experiment_ids");
        }
        Filter filter = Filter.parse(call.text("filter"), release);
        Filter.Subject<LoggedModel> subject = new Filter.Subject<>(
                LoggedModelCalls::attribute,
                model -> model.tags,
                model -> model.params,
                model -> Map.of(),
                (model, key) -> Stream.of());
        List<String> order = new ArrayList<>();
        for (Arguments term : call.items("order_by")) {
            order.add(term.required("field_name") + (term.flag("ascending", true) ? "" : " DESC"));
        }
        Comparator<LoggedModel> by = Filter.order(order, subject)
                .thenComparing(Comparator.comparingLong((LoggedModel model) -> model.created)
                        .reversed())
                .thenComparing(model -> model.id);
        List<LoggedModel> found = tables.loggedModels.values().stream()
                .filter(model -> !model.deleted)
                .filter(model -> experiments.contains(Long.toString(model.experiment.id)))
                .filter(model -> filter.matches(model, subject))
                .sorted(by)
                .toList();
        return Answers.page(
                "models",
                found,
                call.text("page_token"),
                Math.max(1, call.number("max_results", 50)),
                model -> (ObjectNode) Answers.loggedModel(model).get("model"),
                false);
    }

    private static Object attribute(LoggedModel model, String name) {
        return switch (name) {
            case "model_id" -> model.id;
            case "name", "model_name" -> model.name;
            case "experiment_id" -> model.experiment.id;
            case "model_type" -> model.type;
            case "source_run_id" -> model.sourceRun;
            case "status" -> model.status;
            case "creation_timestamp", "creation_time", "creation_timestamp_ms" -> model.created;
            case "last_updated_timestamp", "last_updated_time", "last_updated_timestamp_ms" -> model.updated;
            default -> throw Refusal.invalid("Invalid order by field name: " + name);
        };
    }
}
