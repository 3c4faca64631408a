package io.mlops.core.memory;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.AliasState;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelState;
import io.mlops.api.spi.VersionState;
import io.mlops.core.query.Pages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One model with its versions. Thread-safe. */
final class MemoryModel {
    private final Object lock = new Object();
    private final List<ModelVersion> versions = new ArrayList<>();
    private final Map<String, Integer> numberByKey = new HashMap<>();
    private final List<AliasEvent> moves = new ArrayList<>();
    private Model model;

    MemoryModel(String name, Instant created) {
        this.model = new Model(name, "", Map.of(), Map.of(), created);
    }

    boolean hasVersions() {
        synchronized (lock) {
            return !versions.isEmpty();
        }
    }

    Model model() {
        synchronized (lock) {
            return model;
        }
    }

    List<ModelVersion> versions() {
        synchronized (lock) {
            return List.copyOf(versions);
        }
    }

    ModelVersion create(ModelDraft draft, MemoryModels.Files files) {
        synchronized (lock) {
            Integer known = numberByKey.get(draft.key());
            if (known != null) {
                return versions.get(known - 1);
            }
            int number = versions.size() + 1;
            List<ArtifactEntry> entries = files.store(new ModelVersionId(model.name(), number));
            versions.add(draft.made(number, entries));
            numberByKey.put(draft.key(), number);
            return versions.get(number - 1);
        }
    }

    Optional<ModelVersion> find(VersionReference reference) {
        synchronized (lock) {
            if (reference instanceof VersionReference.Numbered numbered) {
                return numbered(numbered.number());
            } else if (reference instanceof VersionReference.Aliased aliased) {
                return numbered(numberOf(aliased.alias()));
            } else if (reference instanceof VersionReference.Digested digested) {
                return versions.stream()
                        .filter(version -> digested.digest().equals(version.digest()))
                        .findFirst();
            }
            throw new IllegalStateException(
                    "no case for " + reference.getClass().getName());
        }
    }

    private Optional<ModelVersion> numbered(int number) {
        return exists(number) ? Optional.of(versions.get(number - 1)) : Optional.empty();
    }

    private int numberOf(String alias) {
        return alias.equals(VersionReference.Aliased.LATEST)
                ? versions.size()
                : model.aliases().getOrDefault(alias, 0);
    }

    void change(ModelChange change) {
        synchronized (lock) {
            if (change instanceof ModelChange.OfModel edit) {
                model = ModelState.of(model).apply(edit).model();
            } else if (change instanceof ModelChange.OfVersion edit) {
                checkExists(edit.number());
                versions.set(
                        edit.number() - 1,
                        VersionState.of(versions.get(edit.number() - 1))
                                .apply(edit)
                                .version());
            } else {
                throw new IllegalStateException(
                        "no case for " + change.getClass().getName());
            }
        }
    }

    AliasEvent move(AliasMove move, String by, Instant at) {
        synchronized (lock) {
            checkExists(move.target());
            AliasEvent event = AliasState.of(model.aliases()).event(move, by, at);
            model = ModelState.of(model).apply(event).model();
            moves.add(event);
            return event;
        }
    }

    Page<AliasEvent> history(PageRequest page) {
        synchronized (lock) {
            List<Integer> revisions = IntStream.range(0, moves.size()).boxed().toList();
            Page<Integer> some = Pages.newestFirst(revisions, revision -> revision, page);
            return new Page<>(some.items().stream().map(moves::get).toList(), some.next());
        }
    }

    private boolean exists(int number) {
        return number >= 1 && number <= versions.size();
    }

    private void checkExists(@Nullable Integer number) {
        if (number != null && !exists(number)) {
            throw new NotFoundException("no model version " + model.name() + "/" + number);
        }
    }
}
