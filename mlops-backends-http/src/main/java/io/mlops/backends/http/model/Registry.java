package io.mlops.backends.http.model;

import io.mlops.api.common.NotFoundException;
import io.mlops.backends.http.server.Answers;
import io.mlops.backends.http.server.Listed;
import io.mlops.backends.http.server.StoredName;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.query.NotFound;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The server's registry as it speaks: one method a call. Thread-safe. */
record Registry(Wire wire) {
    private static final int PAGE = 1000;
    private static final int PAGE_OF_VERSIONS = 1000;
    private static final AnswerReader<ServerModel> MODEL = Answers.field("registered_model", ServerModel::read);
    private static final AnswerReader<ServerVersion> VERSION = Answers.field("model_version", ServerVersion::read);

    /** Words with which servers say that there is no such model, version or alias. */
    private static final Set<String> MISSING = Set.of("RESOURCE_DOES_NOT_EXIST", "NOT_FOUND");

    static boolean isMissing(Answer<?> answer) {
        return MISSING.stream().anyMatch(answer::is);
    }

    Optional<ServerModel> find(String model) {
        Answer<ServerModel> answer = wire.ask(
                Call.get(Call.mlflow("registered-models/get")).query("name", StoredName.MODEL.of(model)), MODEL);
        if (isMissing(answer)) {
            return Optional.empty();
        }
        ServerModel found = answer.orThrow();
        // Some databases find a name in another case as well.
        return found.name().equals(model) && !found.isHidden() ? Optional.of(found) : Optional.empty();
    }

    /**
     * Asks for a model.
     *
     * @throws NotFoundException telling which models are near
     */
    ServerModel get(String model) {
        return find(model).orElseThrow(() -> notFound(model));
    }

    NotFoundException notFound(String model) {
        return NotFound.model(
                model, wire.name(), models().stream().map(ServerModel::name).toList());
    }

    /** All models for users. */
    List<ServerModel> models() {
        return Listed.all(this::page).stream()
                .filter(model -> !model.isHidden())
                .toList();
    }

    private Listed<ServerModel> page(@Nullable String token) {
        Call call = Call.get(Call.mlflow("registered-models/search")).query("max_results", Integer.toString(PAGE));
        return wire.call(
                token == null ? call : call.query("page_token", token),
                Listed.in("registered_models", ServerModel::read));
    }

    Optional<ServerVersion> find(String model, int number) {
        return version(wire.ask(
                Call.get(Call.mlflow("model-versions/get"))
                        .query("name", StoredName.MODEL.of(model))
                        .query("version", Integer.toString(number)),
                VERSION));
    }

    /** The version that an alias points to; servers say in several ways that it points nowhere. */
    Optional<ServerVersion> findAliased(String model, String alias) {
        Answer<ServerVersion> answer = wire.ask(
                Call.get(Call.mlflow("registered-models/alias"))
                        .query("name", StoredName.MODEL.of(model))
                        .query("alias", alias),
                VERSION);
        return answer.is("INVALID_PARAMETER_VALUE") ? Optional.empty() : version(answer);
    }

    private static Optional<ServerVersion> version(Answer<ServerVersion> answer) {
        return isMissing(answer)
                ? Optional.empty()
                : Optional.of(answer.orThrow()).filter(ServerVersion::ready);
    }

    /**
     * Versions of a model, newest first, from the one after a token on.
     *
     * @param condition besides the name; null for all versions
     */
    Listed<ServerVersion> versions(String model, @Nullable String condition, int most, @Nullable String token) {
        String filter = "name = '" + StoredName.MODEL.of(model) + "'" + (condition == null ? "" : " AND " + condition);
        Call call = Call.get(Call.mlflow("model-versions/search"))
                .query("filter", filter)
                .query("max_results", Integer.toString(most))
                .query("order_by", "version_number DESC");
        return wire.call(
                token == null ? call : call.query("page_token", token),
                Listed.in("model_versions", ServerVersion::read));
    }

    /** All versions of a model that meet a condition, newest first. */
    List<ServerVersion> versions(String model, @Nullable String condition) {
        return Listed.all(token -> versions(model, condition, PAGE_OF_VERSIONS, token));
    }

    /** Makes a model, unless it is there. */
    void ensure(Map<String, Object> request) {
        Answer<ServerModel> made = wire.ask(about(Call.post(Call.mlflow("registered-models/create")), request), MODEL);
        if (!made.is("RESOURCE_ALREADY_EXISTS") && !made.is("ALREADY_EXISTS")) {
            ServerModel unused = made.orThrow();
        }
    }

    /** Registers a version; not safe to repeat. */
    Answer<ServerVersion> register(Map<String, Object> request) {
        return wire.ask(
                about(Call.post(Call.mlflow("model-versions/create")), request).once(), VERSION);
    }

    /** Changes something of a model or version; a tag or alias that is gone already is no failure. */
    Answer<Boolean> send(Call call, String model, Map<String, ?> more) {
        Map<String, Object> request = new TreeMap<>(new HashMap<String, Object>(more));
        request.put("name", StoredName.MODEL.of(model));
        return wire.ask(about(call, request), AnswerReader.ignoring());
    }

    private static Call about(Call call, Map<String, Object> request) {
        return call.about("model '" + request.get("name") + "'").body(JsonBody.of(request));
    }
}
