package io.mlops.backends.http.fuzz;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.backends.http.artifact.HttpArtifactStore;
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.model.HttpModels;
import io.mlops.backends.http.run.HttpExperimentStore;
import io.mlops.backends.http.run.HttpRunStore;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.TestServer;
import io.mlops.backends.http.wire.QuickWire;
import io.mlops.backends.http.wire.Wire;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The stores of one program, as the backend puts them together, whose pauses take no time. */
record FuzzedStores(Wire wire, ExperimentStore experiments, RunStore runs, ArtifactStore artifacts, ModelStore models)
        implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    static final RunId RUN = new RunId("run-1");
    static final RelativePath FILE = RelativePath.of("reports/a.txt");

    static FuzzedStores of(String address) {
        // A folder that is not there may be named and must not be made.
        Wire wire = QuickWire.to(address, HttpSettings.standard().allowFolder(Path.of("/nonexistent/mlops")));
        ServerFacts facts = new ServerFacts(wire);
        ExperimentIds ids = new ExperimentIds(wire);
        RunIds runIds = new RunIds(wire, ids);
        RemoteFiles files = new RemoteFiles(wire, facts);
        HttpModels models = HttpModels.of(wire, facts, ids, runIds, files, "0123456789ab");
        return new FuzzedStores(
                wire,
                new HttpExperimentStore(wire, facts, ids),
                new HttpRunStore(wire, facts, ids, runIds, files),
                new HttpArtifactStore(runIds, files, models.places(), "0123456789ab"),
                models.store());
    }

    /** Fills an empty server with some of everything. */
    static void fill(TestServer server) {
        try (FuzzedStores stores = of(server.address())) {
            stores.fillRuns();
            Object unused = stores.artifacts()
                    .put(RUN, Map.of(FILE, Content.text("fine"), RelativePath.of("b"), Content.text("b")));
            unused = stores.models().create(draft("key-1", "churn"));
            unused = stores.models().move(AliasMove.of("churn@champion", 1), "anna", NOON);
        }
        RawClient raw = RawClient.of(server);
        String unused = raw.post("registered-models/create", "{\"name\": \"foreign\"}");
        String run = raw.post("runs/create", "{\"experiment_id\": \"1\"}")
                .replaceAll("(?s).*\"run_id\" ?: ?\"([0-9a-f]*)\".*", "$1");
        unused = raw.post(
                "model-versions/create",
                "{\"name\": \"foreign\", \"source\": \"runs:/" + run + "/model\", \"run_id\": \"" + run + "\"}");
    }

    private void fillRuns() {
        for (String id : List.of("run-0", "run-1")) {
            Object unused = runs.create(new RunDraft(
                    new RunId(id),
                    "churn",
                    "first",
                    NOON,
                    id.equals("run-1") ? new RunId("run-0") : null,
                    Map.of("team", "growth"),
                    true));
        }
        long[] steps = {0, 1, 2, 3};
        long[] times = {NOON.toEpochMilli(), NOON.toEpochMilli() + 1, NOON.toEpochMilli() + 1, 5};
        double[] values = {1, Double.NaN, Double.POSITIVE_INFINITY, -7};
        Object unused = runs.append(RUN, MetricBatch.of("w", 0, "loss", steps, times, values));
        runs.change(
                RUN,
                List.of(
                        new RunFact.RanIn(new RunEnvironment(Map.of("user", "anna"), List.of(), Map.of())),
                        new RunFact.ParamSet("trees", "200"),
                        new RunFact.Used(new RunInput(
                                "customers",
                                Digest.sha256(new byte[32]),
                                new DatasetVersionId("customers", 3),
                                "file:x",
                                "training")),
                        new RunFact.Produced(new ModelVersionId("churn", 1)),
                        new RunChange.Ended(new RunOutcome.Failed("x.Y", "no"), NOON.plusSeconds(9))));
    }

    static ModelDraft draft(String key, String model) {
        TreeMap<RelativePath, Content> files = new TreeMap<>(Map.of(
                RelativePath.of("MLmodel"),
                Content.text("flavors: {}\n"),
                RelativePath.of("model.txt"),
                Content.text("m")));
        return new ModelDraft(key, model, files, RUN, List.of(), null, null, "first", Map.of("a", "b"), "anna", NOON);
    }

    @Override
    public void close() {
        wire.close();
    }
}
