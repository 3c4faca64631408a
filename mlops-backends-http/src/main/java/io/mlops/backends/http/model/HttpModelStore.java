package io.mlops.backends.http.model;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.AliasState;
import io.mlops.api.spi.FileListDigest;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelStore;
import io.mlops.backends.http.server.KeyValues;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.StoredName;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.Call;
import io.mlops.core.query.NotFound;
import io.mlops.core.query.Pages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The models of a server. Thread-safe. */
final class HttpModelStore implements ModelStore {
    private static final int TRIES = 3;

    private final Registry registry;
    private final VersionUploads uploads;
    private final String writer;
    private final KeyedLocks locks = new KeyedLocks();

    /**
     * The models of a server.
     *
     * @param writer 12 hex digits that no other backend object has
     */
    HttpModelStore(Registry registry, VersionUploads uploads, String writer) {
        this.registry = requireNonNull(registry, "registry");
        this.uploads = requireNonNull(uploads, "uploads");
        this.writer = requireNonNull(writer, "writer");
    }

    @Override
    public ModelVersion create(ModelDraft draft) {
        return locks.with(draft.model() + "\n" + draft.key(), () -> {
            Optional<ModelVersion> earlier = earlier(draft);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            VersionUploads.Uploaded uploaded = uploads.upload(draft);
            registry.ensure(model(draft));
            return register(draft, uploaded);
        });
    }

    private Optional<ModelVersion> earlier(ModelDraft draft) {
        return withKey(draft.model(), draft.key())
                .map(found -> draft.again(found.version(draft.model()), FileListDigest.of(draft.files())));
    }

    /** The oldest version that was registered under a key. */
    private Optional<ServerVersion> withKey(String model, String key) {
        return registry.versions(model, VersionTags.withKey(key)).stream()
                .filter(version -> VersionTags.hasKey(version.tags(), key))
                .reduce((newer, older) -> older);
    }

    private static Map<String, Object> model(ModelDraft draft) {
        Map<String, String> tags = new TreeMap<>();
        tags.put(Reserved.CREATED, Long.toString(draft.created().toEpochMilli()));
        if (StoredName.MODEL.shortens(draft.model())) {
            tags.put(Reserved.NAME, draft.model());
        }
        return Map.of("name", StoredName.MODEL.of(draft.model()), "tags", KeyValues.list(tags));
    }

    private ModelVersion register(ModelDraft draft, VersionUploads.Uploaded uploaded) {
        Digest digest = FileListDigest.of(uploaded.entries());
        long bytes =
                uploaded.entries().stream().mapToLong(entry -> entry.bytes()).sum();
        Map<String, Object> request = new TreeMap<>();
        request.put("name", StoredName.MODEL.of(draft.model()));
        request.put("source", uploaded.source());
        request.put("description", draft.description());
        request.put("tags", KeyValues.list(VersionTags.write(draft, digest, bytes)));
        if (uploaded.runStoreId() != null) {
            request.put("run_id", uploaded.runStoreId());
        }
        if (uploaded.modelId() != null) {
            request.put("model_id", uploaded.modelId());
        }
        Answer<ServerVersion> answer = registry.register(request);
        for (int tried = 1; tried < TRIES && !(answer instanceof Answer.Value<ServerVersion>); tried++) {
            // The answer may have been lost, or many made versions at once; nothing else is worth another try.
            boolean passing = answer instanceof Answer.Unknown<ServerVersion>
                    || (answer instanceof Answer.Refused<ServerVersion> refused && refused.status() >= 500);
            Optional<ServerVersion> made = withKey(draft.model(), draft.key());
            if (made.isPresent()) {
                return made.get().version(draft.model());
            }
            if (!passing) {
                break;
            }
            answer = registry.register(request);
        }
        return answer.orThrow().version(draft.model());
    }

    @Override
    public Optional<Model> find(String model) {
        return registry.find(model).map(ServerModel::model);
    }

    @Override
    public Optional<ModelVersion> find(VersionReference reference) {
        String model = reference.name();
        return versionOf(reference).map(found -> found.version(model));
    }

    private Optional<ServerVersion> versionOf(VersionReference reference) {
        String model = reference.name();
        if (reference instanceof ModelVersionId numbered) {
            return registry.find(model, numbered.number());
        } else if (reference instanceof VersionReference.Aliased aliased) {
            return aliased.alias().equals(VersionReference.Aliased.LATEST)
                    ? registry.versions(model, null, 1, null).items().stream().findFirst()
                    : registry.findAliased(model, aliased.alias());
        } else if (reference instanceof VersionReference.Digested digested) {
            return registry.versions(model, VersionTags.withDigest(digested.digest())).stream()
                    .filter(version -> digested.digest().equals(VersionTags.digest(version.tags())))
                    .reduce((newer, older) -> older);
        }
        throw new IllegalStateException("no case for " + reference.getClass().getName());
    }

    @Override
    public Page<Model> models(PageRequest page) {
        return Pages.byName(registry.models().stream().map(ServerModel::model).toList(), Model::name, page);
    }

    @Override
    public Page<ModelVersion> versions(String model, PageRequest page) {
        String token = page.token();
        String condition = token == null ? null : "version_number < " + Pages.read(token, Integer::valueOf);
        List<ServerVersion> oneMore =
                registry.versions(model, condition, page.limit() + 1, null).items();
        if (oneMore.isEmpty()) {
            ServerModel unused = registry.get(model);
        }
        List<ModelVersion> versions =
                oneMore.stream().map(version -> version.version(model)).toList();
        return Pages.cut(versions, page.limit(), version -> Integer.toString(version.number()));
    }

    @Override
    public void change(String model, ModelChange change) {
        Answer<Boolean> answer;
        if (change instanceof ModelChange.Described text) {
            answer = send(
                    Call.patch(Call.mlflow("registered-models/update")), model, Map.of("description", text.text()));
        } else if (change instanceof ModelChange.Tagged tag) {
            answer = send(setTag("registered-models"), model, Map.of("key", tag.key(), "value", tag.value()));
        } else if (change instanceof ModelChange.Untagged tag) {
            answer = send(deleteTag("registered-models"), model, Map.of("key", tag.key()));
        } else if (change instanceof ModelChange.OfVersion ofVersion) {
            answer = change(model, ofVersion);
        } else {
            throw new IllegalStateException("no case for " + change.getClass().getName());
        }
        if (Registry.isMissing(answer)) {
            // A tag that is not there was removed before; a model or version that is not there was never meant.
            ServerModel unused = registry.get(model);
            if (change instanceof ModelChange.OfVersion ofVersion) {
                checkThere(model, ofVersion.number());
            }
            return;
        }
        boolean unused = answer.orThrow();
    }

    private Answer<Boolean> change(String model, ModelChange.OfVersion change) {
        Map<String, String> request = new TreeMap<>(Map.of("version", Integer.toString(change.number())));
        if (change instanceof ModelChange.VersionDescribed text) {
            request.put("description", text.text());
            return send(Call.patch(Call.mlflow("model-versions/update")), model, request);
        } else if (change instanceof ModelChange.VersionTagged tag) {
            request.putAll(Map.of("key", tag.key(), "value", tag.value()));
            return send(setTag("model-versions"), model, request);
        } else if (change instanceof ModelChange.VersionUntagged tag) {
            request.put("key", tag.key());
            return send(deleteTag("model-versions"), model, request);
        }
        throw new IllegalStateException("no case for " + change.getClass().getName());
    }

    private static Call setTag(String things) {
        return Call.post(Call.mlflow(things + "/set-tag"));
    }

    private static Call deleteTag(String things) {
        return Call.delete(Call.mlflow(things + "/delete-tag"));
    }

    private Answer<Boolean> send(Call call, String model, Map<String, ?> request) {
        return registry.send(call, model, request);
    }

    @Override
    public AliasEvent move(AliasMove move, String by, Instant at) {
        return locks.with(move.name(), () -> {
            ServerModel model = registry.get(move.name());
            Integer target = move.target();
            if (target != null) {
                checkThere(move.name(), target);
            }
            AliasEvent event = AliasState.of(model.aliases()).event(move, by, at);
            boolean unused = (target == null ? remove(move) : point(move, target)).orThrow();
            checkMoved(move);
            log(model, event);
            return event;
        });
    }

    private Answer<Boolean> point(AliasMove move, int target) {
        return send(
                Call.post(Call.mlflow("registered-models/alias")),
                move.name(),
                Map.of("alias", move.alias(), "version", Integer.toString(target)));
    }

    private Answer<Boolean> remove(AliasMove move) {
        return send(Call.delete(Call.mlflow("registered-models/alias")), move.name(), Map.of("alias", move.alias()));
    }

    /** Reads it back: somebody else may have moved it at that moment, and proxies drop the bodies of removals. */
    private void checkMoved(AliasMove move) {
        Integer now = registry.get(move.name()).aliases().get(move.alias());
        if (!Objects.equals(now, move.target())) {
            throw new ConflictException("alias " + move.name() + "@" + move.alias() + " points to "
                    + (now == null ? "nothing" : move.name() + "/" + now)
                    + " after it was moved: somebody else moved it at that moment, or a proxy drops what removals say;"
                    + " read it again and decide anew");
        }
    }

    private void log(ServerModel model, AliasEvent event) {
        AliasLog moves = AliasLog.of(model);
        Map<String, String> tags = moves.next(event, writer);
        // The first piece last: a move is told when all of it is there.
        List<String> keys = new ArrayList<>(tags.keySet());
        for (int i = keys.size() - 1; i >= 0; i--) {
            String key = keys.get(i);
            boolean unused = send(setTag("registered-models"), model.name(), Map.of("key", key, "value", tags.get(key)))
                    .orThrow();
        }
        for (String key : moves.outdated()) {
            Answer<Boolean> unused = send(deleteTag("registered-models"), model.name(), Map.of("key", key));
        }
    }

    @Override
    public Page<AliasEvent> history(String model, PageRequest page) {
        List<AliasEvent> newestFirst = AliasLog.of(registry.get(model)).events();
        int count = newestFirst.size();
        List<Integer> numbers = IntStream.rangeClosed(1, count).boxed().toList();
        Page<Integer> some = Pages.newestFirst(numbers, number -> number, page);
        return new Page<>(
                some.items().stream()
                        .map(number -> newestFirst.get(count - number))
                        .toList(),
                some.next());
    }

    private void checkThere(String model, int number) {
        if (registry.find(model, number).isEmpty()) {
            throw notFound(model, number);
        }
    }

    private NotFoundException notFound(String model, int number) {
        List<Integer> numbers = registry.versions(model, null).stream()
                .map(ServerVersion::number)
                .sorted()
                .toList();
        return NotFound.version(model, number, registry.wire().name(), numbers);
    }
}
