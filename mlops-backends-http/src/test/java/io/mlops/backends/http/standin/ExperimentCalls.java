package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Tables.Experiment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The calls about experiments. */
final class ExperimentCalls {
    private final Tables tables;
    private final Release release;

    ExperimentCalls(Tables tables, Release release) {
        this.tables = tables;
        this.release = release;
    }

    void addTo(Routes routes) {
        routes.add("POST", "experiments/create", this::create);
        routes.add("GET", "experiments/get", call -> shown(byId(call)));
        routes.add("GET", "experiments/get-by-name", this::byName);
        routes.add("GET", "experiments/search", this::search);
        routes.add("POST", "experiments/search", this::search);
        routes.add("POST", "experiments/update", this::rename);
        routes.add("POST", "experiments/delete", call -> delete(byId(call)));
        routes.add("POST", "experiments/restore", call -> restore(byId(call)));
        routes.add("POST", "experiments/set-experiment-tag", this::tag);
        if (release.three()) {
            routes.add("POST", "experiments/delete-experiment-tag", this::untag);
        }
    }

    private ObjectNode create(Arguments call) {
        String name = call.required("name");
        Keys.limit("name", release.longestExperimentName(), name);
        Map<String, String> tags = call.pairs("tags");
        if (release.three()) {
            tags.forEach(this::checkTag);
        }
        if (tables.experimentNamed(name) != null) {
            throw new Refusal("RESOURCE_ALREADY_EXISTS", "Experiment(name=" + name + ") already exists.");
        }
        long id = tables.experiments.isEmpty() ? 1 : tables.experiments.lastKey() + 1;
        String location = call.has("artifact_location") ? call.text("artifact_location") : "mlflow-artifacts:/" + id;
        Experiment experiment = new Experiment(id, name, location);
        experiment.tags.putAll(tags);
        tables.experiments.put(id, experiment);
        return Answers.object().put("experiment_id", Long.toString(id));
    }

    private void checkTag(String key, String value) {
        Keys.check("key", key);
        Keys.limit("value", release.longestExperimentTag(), value);
    }

    private Experiment byId(Arguments call) {
        return byId(tables, call.required("experiment_id"), release);
    }

    static Experiment byId(Tables tables, String id, Release release) {
        boolean number = id.matches("\\d{1,18}");
        if (!number && release.three()) {
            throw Refusal.invalid("Invalid experiment ID '" + id + "'. Experiment ID must be a valid integer.");
        }
        Experiment found = number ? tables.experiments.get(Long.parseLong(id)) : null;
        if (found == null) {
            throw Refusal.unknown("No Experiment with id=" + id + " exists");
        }
        return found;
    }

    static void checkActive(Experiment experiment) {
        if (experiment.deleted) {
            throw Refusal.invalid(
                    "The experiment " + experiment.id + " must be in the 'active' state. Current state is deleted.");
        }
    }

    private ObjectNode shown(Experiment experiment) {
        return Answers.object("experiment", Answers.experiment(experiment, release));
    }

    private ObjectNode byName(Arguments call) {
        String name = call.required("experiment_name");
        Experiment found = tables.experimentNamed(name);
        if (found == null) {
            throw Refusal.unknown("Could not find experiment with name '" + name + "'");
        }
        return shown(found);
    }

    private ObjectNode search(Arguments call) {
        long size = call.number("max_results", 0);
        if (size < 1 || size > 50_000) {
            throw Refusal.invalid("Invalid value " + size + " for parameter 'max_results' supplied.");
        }
        Filter filter = Filter.parse(call.text("filter"), release);
        Filter.Subject<Experiment> subject = Filter.Subject.of(ExperimentCalls::attribute, each -> each.tags);
        List<String> order = call.texts("order_by");
        Comparator<Experiment> ties = Comparator.comparingLong(each -> order.isEmpty() ? each.id : -each.id);
        Comparator<Experiment> by = Filter.order(order.isEmpty() ? List.of("creation_time DESC") : order, subject)
                .thenComparing(ties);
        String view = call.text("view_type");
        List<Experiment> found = tables.experiments.values().stream()
                .filter(each -> shows(view, each.deleted))
                .filter(each -> filter.matches(each, subject))
                .sorted(by)
                .toList();
        return Answers.page(
                "experiments", found, call.text("page_token"), size, each -> Answers.experiment(each, release), false);
    }

    /** Tells whether a search that looks at this kind of things shows one. */
    static boolean shows(String view, boolean deleted) {
        return switch (view) {
            case "ALL", "3" -> true;
            case "DELETED_ONLY", "2" -> deleted;
            default -> !deleted;
        };
    }

    private static Object attribute(Experiment experiment, String name) {
        return switch (name) {
            case "name" -> experiment.name;
            case "experiment_id" -> experiment.id;
            case "creation_time" -> experiment.created;
            case "last_update_time" -> experiment.updated;
            default -> throw Refusal.invalid("Invalid attribute key '" + name + "' specified.");
        };
    }

    private ObjectNode rename(Arguments call) {
        Experiment experiment = byId(call);
        String name = call.required("new_name");
        Keys.limit("name", release.longestExperimentName(), name);
        if (experiment.deleted) {
            throw new Refusal("INVALID_STATE", "Cannot rename a non-active experiment.");
        }
        Experiment other = tables.experimentNamed(name);
        if (other != null && other != experiment) {
            throw Refusal.database("UNIQUE constraint failed: experiments.name");
        }
        experiment.name = name;
        experiment.updated = Tables.now();
        return Answers.object();
    }

    private ObjectNode delete(Experiment experiment) {
        if (experiment.deleted) {
            throw Refusal.unknown("No Experiment with id=" + experiment.id + " exists");
        }
        return mark(experiment, true);
    }

    private ObjectNode restore(Experiment experiment) {
        if (!experiment.deleted) {
            throw Refusal.unknown("No Experiment with id=" + experiment.id + " exists");
        }
        return mark(experiment, false);
    }

    /** Marks the experiment and all of its runs, also those that had been deleted on their own. */
    private ObjectNode mark(Experiment experiment, boolean deleted) {
        experiment.deleted = deleted;
        experiment.updated = Tables.now();
        for (Tables.Run run : tables.runs.values()) {
            if (run.experiment == experiment) {
                run.deleted = deleted;
            }
        }
        return Answers.object();
    }

    private ObjectNode tag(Arguments call) {
        String key = call.required("key");
        checkTag(key, call.text("value"));
        Experiment experiment = byId(call);
        checkActive(experiment);
        experiment.tags.put(key, call.text("value"));
        return Answers.object();
    }

    private ObjectNode untag(Arguments call) {
        Experiment experiment = byId(call);
        String key = call.required("key");
        checkActive(experiment);
        if (experiment.tags.remove(key) == null) {
            throw Refusal.unknown("No tag with name: " + key + " in experiment with id " + experiment.id);
        }
        return Answers.object();
    }
}
