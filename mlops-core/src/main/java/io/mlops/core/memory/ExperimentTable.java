package io.mlops.core.memory;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Names;
import io.mlops.api.spi.ExperimentState;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.core.query.NotFound;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The experiments by their ids, which stay when names change. Thread-safe. */
final class ExperimentTable {
    private final Object lock = new Object();
    private final Map<String, Experiment> byId = new LinkedHashMap<>();

    Experiment ensure(String name, Instant at) {
        Names.checkName("experiment", name);
        synchronized (lock) {
            Experiment there = named(name);
            if (there == null) {
                String id = name;
                for (int n = 2; byId.containsKey(id); n++) {
                    id = name + "~" + n;
                }
                there = new Experiment(name, id, at, at, Map.of(), false);
                byId.put(id, there);
            }
            if (there.deleted()) {
                throw new ConflictException("experiment '" + name + "' is deleted: restore it, or choose another name");
            }
            return there;
        }
    }

    Optional<Experiment> find(String name) {
        synchronized (lock) {
            return Optional.ofNullable(named(name));
        }
    }

    Experiment get(String name) {
        return find(name)
                .orElseThrow(() -> NotFound.experiment(
                        name,
                        MemoryBackend.NAME,
                        all().stream().map(Experiment::name).toList()));
    }

    @Nullable
    Experiment byId(String id) {
        synchronized (lock) {
            return byId.get(id);
        }
    }

    List<Experiment> all() {
        synchronized (lock) {
            return List.copyOf(byId.values());
        }
    }

    void change(String name, ExperimentChange change, Instant at) {
        synchronized (lock) {
            Experiment before = get(name);
            if (change instanceof ExperimentChange.Renamed renamed) {
                Experiment other = named(renamed.name());
                if (other != null && !other.storeId().equals(before.storeId())) {
                    throw new ConflictException("experiment '" + name + "' cannot be renamed: there is "
                            + (other.deleted() ? "a deleted" : "an") + " experiment '" + renamed.name() + "' already");
                }
            }
            byId.put(
                    before.storeId(),
                    ExperimentState.of(before).apply(change, at).experiment());
        }
    }

    void remove(String id) {
        synchronized (lock) {
            byId.remove(id);
        }
    }

    private @Nullable Experiment named(String name) {
        for (Experiment experiment : byId.values()) {
            if (experiment.name().equals(name)) {
                return experiment;
            }
        }
        return null;
    }
}
