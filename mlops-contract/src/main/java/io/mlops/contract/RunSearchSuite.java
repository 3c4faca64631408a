package io.mlops.contract;

import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunQuery;
import java.util.List;
import java.util.Map;

/** The common part of the suites that search for runs: the runs that they make, and what is found of them. */
abstract class RunSearchSuite extends StoreSuite {
    final RunStore store() {
        return backend().runs();
    }

    final void make(String id, String experiment, int startedAfter) {
        store().create(new RunDraft(
                new RunId(id), experiment, "name of " + id, NOON.plusSeconds(startedAfter), null, Map.of()));
    }

    final void metric(String id, String key, double value) {
        store().append(new RunId(id), MetricBatch.of("w", 0, key, new long[1], new long[1], new double[] {value}));
        store().change(new RunId(id), List.of());
    }

    final void fact(String id, RunFact fact) {
        store().change(new RunId(id), List.of(fact));
    }

    final List<String> found(RunQuery query) {
        return all(page -> store().search(query, page), 2).stream()
                .map(run -> run.id().value())
                .toList();
    }
}
