package io.mlops.backends.http.run;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.Listed;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerExperiment;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.query.RunSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Runs and their points on an MLflow server. Thread-safe. */
public final class HttpRunStore implements RunStore {
    private final Wire wire;
    private final ExperimentIds experiments;
    private final RunIds ids;
    private final RunMaker maker;
    private final RunChanger changer;
    private final PointSender points;
    private final Histories histories;
    private final RunEnvironments environments;

    /** The runs of the server at the other end of the wire. */
    public HttpRunStore(Wire wire, ServerFacts facts, ExperimentIds experiments, RunIds ids, HiddenFiles files) {
        this(wire, facts, experiments, ids, files, System::nanoTime);
    }

    /** The same by a clock that tells elapsed nanoseconds. */
    HttpRunStore(
            Wire wire,
            ServerFacts facts,
            ExperimentIds experiments,
            RunIds ids,
            HiddenFiles files,
            LongSupplier nanos) {
        KnownRuns known = new KnownRuns(nanos);
        this.wire = wire;
        this.experiments = experiments;
        this.ids = ids;
        this.maker = new RunMaker(wire, experiments, ids, known);
        this.environments = new RunEnvironments(files);
        this.changer = new RunChanger(wire, facts, experiments, ids, known, environments);
        this.histories = new Histories(wire);
        this.points = new PointSender(wire, ids, known, histories);
    }

    @Override
    public RunInfo create(RunDraft draft) {
        return maker.create(draft);
    }

    @Override
    public Optional<RunInfo> find(RunId run) {
        return ids.find(run).map(ids::info);
    }

    @Override
    public RunInfo get(RunId run) {
        return ids.info(ids.read(run));
    }

    @Override
    public void change(RunId run, List<RunChange> changes) {
        changer.change(run, changes);
    }

    @Override
    public long append(RunId run, MetricBatch batch) {
        return points.append(run, batch);
    }

    @Override
    public Page<MetricPoint> history(RunId run, String metric, PageRequest page) {
        return histories.page(ids.get(run).storeId(), metric, page);
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        return environments.of(ids.read(run));
    }

    @Override
    public Page<RunInfo> search(RunQuery query, PageRequest page) {
        RunSearch search = RunSearch.of(query);
        List<RunInfo> all = new ArrayList<>();
        for (ServerExperiment experiment : experiments.all()) {
            if (query.experiments().isEmpty() || query.experiments().contains(experiment.name())) {
                Listed.all(token -> runs(experiment, token)).forEach(run -> all.add(run.info(experiment.name())));
            }
        }
        return search.page(all.stream(), page);
    }

    private Listed<ServerRun> runs(ServerExperiment experiment, @Nullable String token) {
        Map<String, Object> request = new TreeMap<>(
                Map.of("experiment_ids", List.of(experiment.id()), "run_view_type", "ALL", "max_results", 1000));
        if (token != null) {
            request.put("page_token", token);
        }
        return wire.call(
                Call.post(Call.mlflow("runs/search")).body(JsonBody.of(request)), Listed.in("runs", ServerRun::read));
    }
}
