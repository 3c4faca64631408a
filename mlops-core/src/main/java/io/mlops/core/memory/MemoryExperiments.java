package io.mlops.core.memory;

import io.mlops.api.common.Names;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.tracker.Experiment;
import io.mlops.core.query.Pages;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Experiments in memory. Thread-safe. */
final class MemoryExperiments implements ExperimentStore {
    private final Faults faults;
    private final Map<String, Experiment> byName = new ConcurrentHashMap<>();

    MemoryExperiments(Faults faults) {
        this.faults = faults;
    }

    @Override
    public Experiment ensure(String name, Instant at) {
        faults.check("make experiment " + name);
        return put(name, at);
    }

    Experiment put(String name, Instant at) {
        Names.checkName("experiment", name);
        return byName.computeIfAbsent(name, n -> new Experiment(n, n, at.truncatedTo(ChronoUnit.MILLIS)));
    }

    @Override
    public Optional<Experiment> find(String name) {
        faults.check("find experiment " + name);
        return Optional.ofNullable(byName.get(name));
    }

    @Override
    public Page<Experiment> list(PageRequest page) {
        faults.check("list experiments");
        return Pages.byName(byName.values(), Experiment::name, page);
    }
}
