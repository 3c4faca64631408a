package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Tables.Point;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JSON of MLflow's answers. What is empty or unset is left out. */
final class Answers {
    private static final Pattern TOKEN = Pattern.compile("\\{\"offset\": *(\\d+)}");

    private Answers() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode object(String field, ObjectNode value) {
        ObjectNode object = object();
        object.set(field, value);
        return object;
    }

    static void pairs(ObjectNode owner, String field, Map<String, String> pairs) {
        if (!pairs.isEmpty()) {
            ArrayNode list = owner.putArray(field);
            pairs.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
        }
    }

    static ObjectNode experiment(Tables.Experiment experiment, Release release) {
        ObjectNode shown = object();
        shown.put("experiment_id", Long.toString(experiment.id));
        shown.put("name", experiment.name);
        shown.put("artifact_location", experiment.location);
        shown.put("lifecycle_stage", experiment.deleted ? "deleted" : "active");
        shown.put("last_update_time", experiment.updated);
        shown.put("creation_time", experiment.created);
        if (release.three()) {
            shown.put("workspace", "default");
        }
        pairs(shown, "tags", experiment.tags);
        return shown;
    }

    static ObjectNode runInfo(Tables.Run run) {
        ObjectNode info = object();
        info.put("run_uuid", run.id);
        info.put("run_id", run.id);
        info.put("experiment_id", Long.toString(run.experiment.id));
        info.put("run_name", run.name);
        info.put("user_id", run.user);
        info.put("status", run.status);
        info.put("start_time", run.started);
        Long ended = run.ended;
        if (ended != null && ended != 0) {
            info.put("end_time", ended.longValue());
        }
        info.put("artifact_uri", run.artifacts());
        info.put("lifecycle_stage", run.deleted ? "deleted" : "active");
        return info;
    }

    static ObjectNode run(Tables.Run run, Release release) {
        ObjectNode shown = object("info", runInfo(run));
        ObjectNode data = shown.putObject("data");
        if (!run.latest.isEmpty()) {
            ArrayNode metrics = data.putArray("metrics");
            run.latest.values().forEach(point -> metrics.add(point(point)));
        }
        pairs(data, "params", run.params);
        pairs(data, "tags", run.tags);
        ObjectNode inputs = shown.putObject("inputs");
        if (!run.inputs.isEmpty()) {
            ArrayNode datasets = inputs.putArray("dataset_inputs");
            run.inputs.forEach(input -> datasets.add(input(input)));
        }
        for (String model : run.modelInputs.keySet()) {
            inputs.withArray("model_inputs").addObject().put("model_id", model);
        }
        if (release.three()) {
            ObjectNode outputs = shown.putObject("outputs");
            for (Tables.Output output : run.outputs) {
                outputs.withArray("model_outputs")
                        .addObject()
                        .put("model_id", output.model())
                        .put("step", output.step());
            }
        }
        return shown;
    }

    static ObjectNode point(Point point) {
        ObjectNode shown = object().put("key", point.key());
        if (point.nan()) {
            shown.put("value", "NaN");
        } else {
            shown.put("value", point.value());
        }
        return shown.put("timestamp", point.time()).put("step", point.step());
    }

    private static ObjectNode input(Tables.Input input) {
        ObjectNode shown = object();
        pairs(shown, "tags", input.tags());
        ObjectNode dataset = shown.putObject("dataset");
        dataset.put("name", input.dataset().name());
        dataset.put("digest", input.dataset().digest());
        dataset.put("source_type", input.dataset().sourceType());
        dataset.put("source", input.dataset().source());
        if (input.dataset().schema() != null) {
            dataset.put("schema", input.dataset().schema());
        }
        if (input.dataset().profile() != null) {
            dataset.put("profile", input.dataset().profile());
        }
        return shown;
    }

    static ObjectNode loggedModel(Tables.LoggedModel model) {
        ObjectNode info = object();
        info.put("model_id", model.id);
        info.put("experiment_id", Long.toString(model.experiment.id));
        info.put("name", model.name);
        info.put("creation_timestamp_ms", model.created);
        info.put("last_updated_timestamp_ms", model.updated);
        info.put("artifact_uri", model.artifacts());
        info.put("status", model.status);
        info.put("model_type", model.type);
        info.put("source_run_id", model.sourceRun);
        pairs(info, "tags", model.tags);
        ObjectNode shown = object("info", info);
        pairs(shown.putObject("data"), "params", model.params);
        return object("model", shown);
    }

    static ObjectNode version(Tables.Version version, boolean withAliases) {
        ObjectNode shown = object();
        shown.put("name", version.model.name);
        shown.put("version", Long.toString(version.number));
        shown.put("creation_timestamp", version.created);
        shown.put("last_updated_timestamp", version.updated);
        shown.put("current_stage", "None");
        shown.put("description", version.description);
        shown.put("source", version.source);
        shown.put("run_id", version.run);
        shown.put("status", "READY");
        shown.put("run_link", version.runLink);
        pairs(shown, "tags", version.tags);
        if (withAliases) {
            version.model.aliases.forEach((alias, number) -> {
                if (number == version.number) {
                    shown.withArray("aliases").add(alias);
                }
            });
        }
        return shown;
    }

    static ObjectNode model(Tables.Model model) {
        ObjectNode shown = object();
        shown.put("name", model.name);
        shown.put("creation_timestamp", model.created);
        shown.put("last_updated_timestamp", model.updated);
        if (model.description != null) {
            shown.put("description", model.description);
        }
        model.versions.descendingMap().values().stream()
                .filter(version -> !version.deleted)
                .limit(1)
                .forEach(version -> shown.withArray("latest_versions").add(version(version, false)));
        pairs(shown, "tags", model.tags);
        model.aliases.forEach((alias, number) ->
                shown.withArray("aliases").addObject().put("alias", alias).put("version", Long.toString(number)));
        return shown;
    }

    /** Answers with the page that a token asks for; servers before 3 announce one more page after each full one. */
    static <T> ObjectNode page(
            String field, List<T> all, String token, long size, Function<T, ObjectNode> shown, boolean alwaysMore) {
        int from = Math.min(offset(token), all.size());
        int to = (int) Math.min(all.size(), from + size);
        ObjectNode page = object();
        if (to > from) {
            ArrayNode list = page.putArray(field);
            all.subList(from, to).forEach(each -> list.add(shown.apply(each)));
        }
        if (alwaysMore ? to - from == size : to < all.size()) {
            String next = "{\"offset\": " + to + "}";
            page.put("next_page_token", Base64.getEncoder().encodeToString(next.getBytes(StandardCharsets.UTF_8)));
        }
        return page;
    }

    private static int offset(String token) {
        if (token.isEmpty()) {
            return 0;
        }
        try {
            String decoded = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            Matcher matcher = TOKEN.matcher(decoded);
            if (matcher.matches()) {
                return Integer.parseInt(matcher.group(1));
            }
        } catch (IllegalArgumentException e) {
            // The same answer as for one that says something else.
        }
        throw Refusal.invalid("Invalid page token, could not base64-decode");
    }
}
