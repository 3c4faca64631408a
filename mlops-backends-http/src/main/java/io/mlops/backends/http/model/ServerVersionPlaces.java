package io.mlops.backends.http.model;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ModelDraft;
import io.mlops.backends.http.artifact.Place;
import io.mlops.backends.http.artifact.Place.Owner;
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.artifact.VersionPlaces;
import io.mlops.backends.http.server.Answers;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Fields;
import io.mlops.backends.http.wire.Wire;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a server's model versions lie, and what the manifests of ours name. A manifest never changes, so that
 * it is read once. Thread-safe.
 */
final class ServerVersionPlaces implements VersionPlaces {
    private static final int MAX_REMEMBERED = 1000;
    private static final Pattern OF_RUN = Pattern.compile("runs:/+([0-9A-Za-z_-]+)/(.+?)/?");
    private static final Pattern OF_MODEL = Pattern.compile("models:/+(m-[0-9a-f]{32})/?");

    private final Wire wire;
    private final Registry registry;
    private final RunIds runs;
    private final RemoteFiles files;
    private final ReentrantLock lock = new ReentrantLock();
    /** Manifests that were read, by where they lie and the digest of the version; guarded by the lock. */
    private final Map<String, List<ArtifactEntry>> manifests = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<ArtifactEntry>> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    ServerVersionPlaces(Wire wire, Registry registry, RunIds runs, RemoteFiles files) {
        this.wire = wire;
        this.registry = registry;
        this.runs = runs;
        this.files = files;
    }

    @Override
    public Optional<VersionFiles> find(ModelVersionId id) {
        return registry.find(id.model(), id.number()).map(version -> {
            Place place = place(version);
            Digest digest = VersionTags.digest(version.tags());
            return new VersionFiles(place, digest == null ? null : manifest(id, place, digest));
        });
    }

    private Place place(ServerVersion version) {
        String source = version.source();
        Place named = named(source);
        if (named != null) {
            return named;
        }
        Owner owner = version.modelId() == null
                ? new Owner.OfVersion(version.storedName(), version.number())
                : new Owner.OfLoggedModel(version.modelId());
        boolean resolved = !source.startsWith("runs:/") && !source.startsWith("models:/");
        return new Place(resolved ? source : downloadAddress(version), owner, null);
    }

    /** The place of a run's folder or a logged model that whoever registered it named; null if it names an address. */
    private @Nullable Place named(String source) {
        Matcher ofRun = OF_RUN.matcher(source);
        if (ofRun.matches() && RunId.isValid(ofRun.group(1))) {
            return Place.of(runs.get(new RunId(ofRun.group(1)))).in(RelativePath.of(ofRun.group(2)));
        }
        Matcher ofModel = OF_MODEL.matcher(source);
        if (!ofModel.matches()) {
            return null;
        }
        LoggedModel model = wire.call(
                Call.get(LoggedModel.ENDPOINT + "/" + ofModel.group(1)), Answers.field("model", LoggedModel::read));
        return model.place();
    }

    private String downloadAddress(ServerVersion version) {
        return wire.call(
                Call.get(Call.mlflow("model-versions/get-download-uri"))
                        .query("name", version.storedName())
                        .query("version", Integer.toString(version.number())),
                Answers.field("artifact_uri", Fields::text));
    }

    private List<ArtifactEntry> manifest(ModelVersionId id, Place place, Digest digest) {
        String key = digest + " " + place.address();
        List<ArtifactEntry> known = remembered(key);
        if (known != null) {
            return known;
        }
        byte[] bytes = files.read(place, ModelDraft.MANIFEST)
                .orElseThrow(() -> new CorruptDataException(
                        "model version " + id + " has lost its " + ModelDraft.MANIFEST + " at " + place.address(),
                        null));
        List<ArtifactEntry> read = VersionManifest.read(bytes, id.toString(), digest);
        lock.lock();
        try {
            manifests.put(key, read);
        } finally {
            lock.unlock();
        }
        return read;
    }

    private @Nullable List<ArtifactEntry> remembered(String key) {
        lock.lock();
        try {
            return manifests.get(key);
        } finally {
            lock.unlock();
        }
    }
}
