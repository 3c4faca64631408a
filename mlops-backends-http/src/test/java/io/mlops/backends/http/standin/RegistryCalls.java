package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Tables.LoggedModel;
import io.mlops.backends.http.standin.Tables.Model;
import io.mlops.backends.http.standin.Tables.Version;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls about registered models, their versions and aliases. */
final class RegistryCalls {
    private final Tables tables;
    private final Release release;

    RegistryCalls(Tables tables, Release release) {
        this.tables = tables;
        this.release = release;
    }

    void addTo(Routes routes) {
        routes.add("POST", "registered-models/create", this::createModel);
        routes.add("GET", "registered-models/get", call -> shown(model(call)));
        routes.add("PATCH", "registered-models/update", this::describeModel);
        routes.add("DELETE", "registered-models/delete", this::deleteModel);
        routes.add("GET", "registered-models/search", this::searchModels);
        routes.add("POST", "registered-models/set-tag", this::tagModel);
        routes.add("DELETE", "registered-models/delete-tag", this::untagModel);
        routes.add("POST", "registered-models/alias", this::setAlias);
        routes.add("GET", "registered-models/alias", this::alias);
        routes.add("DELETE", "registered-models/alias", this::removeAlias);
        routes.add("POST", "model-versions/create", this::createVersion);
        routes.add("GET", "model-versions/get", call -> shown(version(call)));
        routes.add("GET", "model-versions/get-download-uri", this::location);
        routes.add("PATCH", "model-versions/update", this::describeVersion);
        routes.add("DELETE", "model-versions/delete", this::deleteVersion);
        routes.add("GET", "model-versions/search", this::searchVersions);
        routes.add("POST", "model-versions/set-tag", this::tagVersion);
        routes.add("DELETE", "model-versions/delete-tag", this::untagVersion);
    }

    private Model model(Arguments call) {
        return tables.model(call.required("name"));
    }

    private Version version(Arguments call) {
        Keys.checkModel(call.required("name"), release);
        return tables.version(call.text("name"), call.required("version"));
    }

    private static ObjectNode shown(Model model) {
        return Answers.object("registered_model", Answers.model(model));
    }

    private static ObjectNode shown(Version version) {
        return Answers.object("model_version", Answers.version(version, true));
    }

    private void checkTag(String key, String value) {
        Keys.check("key", key);
        Keys.limit("value", release.longestModelTag(), value);
    }

    private ObjectNode createModel(Arguments call) {
        String name = call.required("name");
        Keys.checkModel(name, release);
        Map<String, String> tags = call.pairs("tags");
        tags.forEach(this::checkTag);
        if (tables.models.containsKey(name)) {
            throw new Refusal("RESOURCE_ALREADY_EXISTS", "Registered Model (name=" + name + ") already exists.");
        }
        Model model = new Model(name);
        model.description = call.has("description") ? call.text("description") : null;
        model.tags.putAll(tags);
        tables.models.put(name, model);
        return shown(model);
    }

    private ObjectNode describeModel(Arguments call) {
        Model model = model(call);
        model.description = call.text("description");
        model.updated = Tables.now();
        return shown(model);
    }

    private ObjectNode deleteModel(Arguments call) {
        tables.models.remove(model(call).name);
        return Answers.object();
    }

    private ObjectNode searchModels(Arguments call) {
        long size = call.number("max_results", 100);
        if (size > 1000) {
            throw Refusal.invalid("Invalid value for request parameter max_results. It must be at most 1000");
        }
        Filter filter = Filter.parse(call.text("filter"), release);
        Filter.Subject<Model> subject = Filter.Subject.of(RegistryCalls::attribute, model -> model.tags);
        Comparator<Model> by =
                Filter.order(call.texts("order_by"), subject).thenComparing(model -> model.name, Filter::byCodePoints);
        boolean prompts = promptsWanted(filter);
        List<Model> found = tables.models.values().stream()
                .filter(model -> prompts || release == Release.V2_9 || !model.prompt())
                .filter(model -> filter.matches(model, subject))
                .sorted(by)
                .toList();
        return Answers.page("registered_models", found, call.text("page_token"), size, Answers::model, false);
    }

    private static boolean promptsWanted(Filter filter) {
        return filter.clauses().stream()
                .anyMatch(clause -> clause.key().equals("mlflow.prompt.is_prompt")
                        && clause.operator().equals("=")
                        && "true".equals(clause.value()));
    }

    private static Object attribute(Model model, String name) {
        return switch (name) {
            case "name" -> model.name;
            case "timestamp", "last_updated_timestamp" -> model.updated;
            default -> throw Refusal.invalid("Invalid attribute name: " + name);
        };
    }

    private ObjectNode tagModel(Arguments call) {
        checkTag(call.required("key"), call.text("value"));
        model(call).tags.put(call.text("key"), call.text("value"));
        return Answers.object();
    }

    private ObjectNode untagModel(Arguments call) {
        Keys.check("key", call.required("key"));
        model(call).tags.remove(call.text("key"));
        return Answers.object();
    }

    private ObjectNode setAlias(Arguments call) {
        String alias = call.required("alias");
        Keys.checkAlias(alias);
        Keys.checkAliasIsFree(alias);
        Version version = version(call);
        version.model.aliases.put(alias, version.number);
        return Answers.object();
    }

    private ObjectNode alias(Arguments call) {
        Keys.checkModel(call.required("name"), release);
        String alias = call.required("alias");
        Keys.checkAlias(alias);
        Model model = tables.models.get(call.text("name"));
        if (model == null && release.three()) {
            model = model(call);
        }
        Version version = model == null ? null : aliased(model, alias);
        if (version == null) {
            throw Refusal.invalid("Registered model alias " + alias + " not found.");
        }
        return shown(version);
    }

    private static @Nullable Version aliased(Model model, String alias) {
        Long number = model.aliases.get(alias);
        return number == null ? null : model.versions.get(number);
    }

    private ObjectNode removeAlias(Arguments call) {
        Keys.checkModel(call.required("name"), release);
        String alias = call.required("alias");
        Keys.checkAlias(alias);
        model(call).aliases.remove(alias);
        return Answers.object();
    }

    private ObjectNode createVersion(Arguments call) {
        String name = call.required("name");
        String source = call.required("source");
        Sources sources = new Sources(tables, release);
        sources.check(source, call.text("run_id"), call.text("model_id"));
        Keys.checkModel(name, release);
        Map<String, String> tags = call.pairs("tags");
        tags.forEach(this::checkTag);
        String location = sources.location(source);
        Model model = tables.model(name);
        long number = model.versions.isEmpty() ? 1 : model.versions.lastKey() + 1;
        Version version = new Version(model, number);
        version.source = source;
        version.location = location;
        version.run = call.text("run_id");
        version.runLink = call.text("run_link");
        version.description = call.text("description");
        version.tags.putAll(tags);
        model.updated = version.created;
        model.versions.put(number, version);
        if (release.three() && call.has("model_id")) {
            LoggedModel logged = tables.loggedModel(call.text("model_id"));
            version.run = version.run.isEmpty() ? logged.sourceRun : version.run;
            sources.note(logged, version);
        }
        return shown(version);
    }

    private ObjectNode location(Arguments call) {
        return Answers.object().put("artifact_uri", version(call).location);
    }

    private ObjectNode describeVersion(Arguments call) {
        Version version = version(call);
        version.description = call.text("description");
        version.updated = Tables.now();
        return shown(version);
    }

    private ObjectNode deleteVersion(Arguments call) {
        Version version = version(call);
        version.deleted = true;
        version.model.aliases.values().removeIf(number -> number == version.number);
        return Answers.object();
    }

    private ObjectNode searchVersions(Arguments call) {
        long size = call.number("max_results", 200_000);
        if (size < 1 || size > 200_000) {
            throw Refusal.invalid("Invalid value for request parameter max_results.");
        }
        Filter filter = Filter.parse(call.text("filter"), release);
        Filter.Subject<Version> subject = Filter.Subject.of(RegistryCalls::attribute, version -> version.tags);
        List<String> given = call.texts("order_by");
        List<String> order =
                given.isEmpty() ? List.of("last_updated_timestamp DESC", "name", "version_number DESC") : given;
        Comparator<Version> by = Filter.order(order, subject)
                .thenComparing(version -> version.model.name, Filter::byCodePoints)
                .thenComparing(version -> -version.number);
        boolean prompts = promptsWanted(filter);
        List<Version> found = tables.models.values().stream()
                .filter(model -> prompts || release == Release.V2_9 || !model.prompt())
                .flatMap(model -> model.versions.values().stream())
                .filter(version -> !version.deleted)
                .filter(version -> filter.matches(version, subject))
                .sorted(by)
                .toList();
        return Answers.page(
                "model_versions",
                found,
                call.text("page_token"),
                size,
                version -> Answers.version(version, false),
                false);
    }

    private static Object attribute(Version version, String name) {
        return switch (name) {
            case "name" -> version.model.name;
            case "run_id" -> version.run;
            case "source_path" -> version.source;
            case "version_number" -> version.number;
            case "creation_timestamp" -> version.created;
            case "last_updated_timestamp" -> version.updated;
            default -> throw Refusal.invalid("Invalid attribute name: " + name);
        };
    }

    private ObjectNode tagVersion(Arguments call) {
        checkTag(call.required("key"), call.text("value"));
        version(call).tags.put(call.text("key"), call.text("value"));
        return Answers.object();
    }

    private ObjectNode untagVersion(Arguments call) {
        Keys.check("key", call.required("key"));
        version(call).tags.remove(call.text("key"));
        return Answers.object();
    }
}
