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
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.search.RunFinder;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.wire.Wire;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongSupplier;

/** Runs and their points on an MLflow server. Thread-safe. */
public final class HttpRunStore implements RunStore {
    private final RunIds ids;
    private final RunMaker maker;
    private final RunChanger changer;
    private final PointSender points;
    private final Histories histories;
    private final PointsByWriter byWriter;
    private final RunEnvironments environments;
    private final RunFinder finder;

    /** The runs of the server at the other end of the wire. */
    public HttpRunStore(Wire wire, ServerFacts facts, ExperimentIds experiments, RunIds ids, RemoteFiles files) {
        this(wire, facts, experiments, ids, files, System::nanoTime);
    }

    /** The same by a clock that tells elapsed nanoseconds. */
    HttpRunStore(
            Wire wire,
            ServerFacts facts,
            ExperimentIds experiments,
            RunIds ids,
            RemoteFiles files,
            LongSupplier nanos) {
        KnownRuns known = new KnownRuns(nanos);
        this.ids = ids;
        this.maker = new RunMaker(wire, facts, experiments, ids, known);
        this.environments = new RunEnvironments(new HiddenFiles(files));
        this.changer = new RunChanger(wire, facts, experiments, ids, known, environments);
        this.histories = new Histories(wire);
        this.byWriter = new PointsByWriter(ids, histories, nanos);
        this.points = new PointSender(wire, ids, known, histories);
        this.finder = new RunFinder(wire, facts, experiments, ids);
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
    public SortedMap<String, Long> written(RunId run) {
        return byWriter.written(run);
    }

    @Override
    public MetricBatch read(RunId run, String writer, long offset, int limit) {
        return byWriter.read(run, writer, offset, limit);
    }

    @Override
    public Optional<RunEnvironment> environment(RunId run) {
        return environments.of(ids.read(run));
    }

    @Override
    public Page<RunInfo> search(RunQuery query, PageRequest page) {
        return finder.page(query, page);
    }

    @Override
    public Iterator<RunInfo> searchAll(RunQuery query) {
        return finder.all(query);
    }
}
