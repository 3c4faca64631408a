package io.mlops.core.memory;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.AliasState;
import io.mlops.api.spi.FileListDigest;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelState;
import io.mlops.api.spi.VersionState;
import io.mlops.core.query.NotFound;
import io.mlops.core.query.Pages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One model with its versions. Thread-safe. */
final class MemoryModel {
    /** A lock that parks whoever waits, since contents are read under it. */
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private final List<ModelVersion> versions = new ArrayList<>();
    /** Guarded by {@link #lock}. */
    private final Map<String, Integer> numberByKey = new HashMap<>();
    /** Guarded by {@link #lock}. */
    private final List<AliasEvent> moves = new ArrayList<>();
    /** Guarded by {@link #lock}. */
    private Model model;

    MemoryModel(String name, Instant created) {
        this.model = new Model(name, "", Map.of(), Map.of(), created);
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    boolean hasVersions() {
        return locked(() -> !versions.isEmpty());
    }

    Model model() {
        return locked(() -> model);
    }

    List<ModelVersion> versions() {
        return locked(() -> List.copyOf(versions));
    }

    ModelVersion create(ModelDraft draft, MemoryModels.Files files) {
        return locked(() -> {
            Integer known = numberByKey.get(draft.key());
            if (known != null) {
                return draft.again(versions.get(known - 1), FileListDigest.of(draft.files()));
            }
            int number = versions.size() + 1;
            List<ArtifactEntry> entries = files.store(new ModelVersionId(model.name(), number));
            versions.add(draft.made(number, entries));
            numberByKey.put(draft.key(), number);
            return versions.get(number - 1);
        });
    }

    Optional<ModelVersion> find(VersionReference reference) {
        return locked(() -> {
            if (reference instanceof ModelVersionId numbered) {
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
        });
    }

    private Optional<ModelVersion> numbered(int number) {
        return exists(number) ? Optional.of(versions.get(number - 1)) : Optional.empty();
    }

    /** An alias that an older store has counts before the word for the newest version in another case. */
    private int numberOf(String alias) {
        int newest = alias.equalsIgnoreCase(VersionReference.Aliased.LATEST) ? versions.size() : 0;
        return model.aliases().getOrDefault(alias, newest);
    }

    void change(ModelChange change) {
        lock.lock();
        try {
            if (change instanceof ModelChange.OfModel edit) {
                model = ModelState.of(model).apply(edit).model();
            } else if (change instanceof ModelChange.OfVersion edit) {
                checkExists(edit.number());
                VersionState version = VersionState.of(versions.get(edit.number() - 1));
                versions.set(edit.number() - 1, version.apply(edit).version());
            } else {
                throw new IllegalStateException(
                        "no case for " + change.getClass().getName());
            }
        } finally {
            lock.unlock();
        }
    }

    AliasEvent move(AliasMove move, String by, Instant at) {
        return locked(() -> {
            checkExists(move.target());
            AliasEvent event = AliasState.of(model.aliases()).event(move, by, at);
            model = ModelState.of(model).apply(event).model();
            moves.add(event);
            return event;
        });
    }

    Page<AliasEvent> history(PageRequest page) {
        return locked(() -> {
            List<Integer> revisions = IntStream.range(0, moves.size()).boxed().toList();
            Page<Integer> some = Pages.newestFirst(revisions, revision -> revision, page);
            return new Page<>(some.items().stream().map(moves::get).toList(), some.next());
        });
    }

    private boolean exists(int number) {
        return number >= 1 && number <= versions.size();
    }

    private void checkExists(@Nullable Integer number) {
        if (number != null && !exists(number)) {
            List<Integer> numbers =
                    IntStream.rangeClosed(1, versions.size()).boxed().toList();
            throw NotFound.version(model.name(), number, MemoryBackend.NAME, numbers);
        }
    }
}
