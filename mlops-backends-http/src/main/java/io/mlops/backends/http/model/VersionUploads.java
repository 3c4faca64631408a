package io.mlops.backends.http.model;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.ModelDraft;
import io.mlops.backends.http.artifact.Place;
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.server.Answers;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.FoundRun;
import io.mlops.backends.http.server.KeyValues;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.mlflow.MlModelFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the files of a version to the server before it is registered: into a logged model of its own, or on servers
 * without them into a hidden folder of its run. Whoever reads a folder with {@code MLmodel} finds all of it, since that
 * file comes last. Thread-safe.
 */
final class VersionUploads {
    private static final String READY = "LOGGED_MODEL_READY";

    /** The name of a run that holds versions that came from no run. */
    private static final String HOLDER = "models without a run";

    private final Wire wire;
    private final ServerFacts facts;
    private final ExperimentIds experiments;
    private final RunIds runs;
    private final RemoteFiles files;

    /**
     * Where a version lies, in the words of the server.
     *
     * @param modelId the logged model; null on servers without them
     * @param runStoreId the run; null for none
     */
    record Uploaded(
            String source,
            @Nullable String modelId,
            @Nullable String runStoreId,
            List<ArtifactEntry> entries) {}

    VersionUploads(Wire wire, ServerFacts facts, ExperimentIds experiments, RunIds runs, RemoteFiles files) {
        this.wire = wire;
        this.facts = facts;
        this.experiments = experiments;
        this.runs = runs;
        this.files = files;
    }

    Uploaded upload(ModelDraft draft) {
        RunId id = draft.run();
        ServerRun run = id == null ? null : runs.find(id).orElse(null);
        return facts.hasLoggedModels() ? intoLoggedModel(draft, run) : intoRun(draft, run);
    }

    private Uploaded intoLoggedModel(ModelDraft draft, @Nullable ServerRun run) {
        String experiment = run == null ? modelsExperiment(draft) : run.experimentId();
        Map<String, Object> request = new TreeMap<>();
        request.put("experiment_id", experiment);
        request.put("name", "model");
        request.put("tags", KeyValues.list(Map.of(Reserved.NAME, draft.model())));
        if (run != null) {
            request.put("source_run_id", run.storeId());
        }
        LoggedModel logged = wire.call(
                Call.post(LoggedModel.ENDPOINT)
                        .about(experiments.described(experiment))
                        .body(JsonBody.of(request)),
                Answers.field("model", LoggedModel::read));
        List<ArtifactEntry> entries = put(draft, logged.place());
        boolean unused = wire.call(
                Call.patch(LoggedModel.ENDPOINT + "/" + logged.id())
                        .body(JsonBody.of(Map.of("model_id", logged.id(), "status", READY))),
                AnswerReader.ignoring());
        return new Uploaded(logged.root(), logged.id(), run == null ? null : run.storeId(), entries);
    }

    private Uploaded intoRun(ModelDraft draft, @Nullable ServerRun run) {
        FoundRun holder = run == null ? holder(draft) : runs.remember(run.id(), run);
        RelativePath folder =
                RelativePath.of(Reserved.FOLDER + "/models/" + Reserved.hash(draft.model() + "\n" + draft.key()));
        Place place = Place.of(holder).in(folder);
        return new Uploaded(place.address(), null, run == null ? null : run.storeId(), put(draft, place));
    }

    private List<ArtifactEntry> put(ModelDraft draft, Place place) {
        SortedMap<RelativePath, Content> rest = new TreeMap<>(draft.files());
        Content last = rest.remove(MlModelFile.NAME);
        List<ArtifactEntry> entries = new ArrayList<>();
        rest.forEach((path, content) -> entries.add(files.put(place, path, content)));
        if (last != null) {
            // The manifest names it before it is there, so that a folder with it is whole.
            ArtifactEntry entry = ContentCopy.entry(MlModelFile.NAME, last);
            entries.add(entry);
            entries.sort((a, b) -> a.path().compareTo(b.path()));
            manifest(draft, place, entries);
            ArtifactEntry unused = files.put(place, MlModelFile.NAME, last);
        } else {
            manifest(draft, place, entries);
        }
        return entries;
    }

    private void manifest(ModelDraft draft, Place place, List<ArtifactEntry> entries) {
        ArtifactEntry unused = files.put(place, ModelDraft.MANIFEST, Content.of(VersionManifest.write(draft, entries)));
    }

    private String modelsExperiment(ModelDraft draft) {
        return experiments.ensure(wire.settings().modelsExperiment(), draft.created(), Map.of(Reserved.KIND, "models"));
    }

    /** A run that holds this version alone, since nobody may delete it with another thing. */
    private FoundRun holder(ModelDraft draft) {
        Map<String, Object> request = new HashMap<>();
        request.put("experiment_id", modelsExperiment(draft));
        request.put("run_name", HOLDER);
        request.put("start_time", draft.created().toEpochMilli());
        ServerRun run = wire.call(
                Call.post(Call.mlflow("runs/create")).body(JsonBody.of(request)),
                Answers.field("run", ServerRun::read));
        return runs.remember(run.id(), run);
    }
}
