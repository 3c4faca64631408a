package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelVersion;
import io.mlops.backends.fs.store.Format;
import io.mlops.core.codec.Json;
import io.mlops.core.mlflow.SignatureJson;
import java.util.List;
import java.util.Objects;

/**
 * The fields of {@code version.json}, the manifest of a model version, which is never rewritten. It lacks the version's
 * number, which is the name of its folder, since it is written before a number is free to take.
 */
final class ManifestJson {
    private ManifestJson() {}

    /** Makes a manifest; the number of {@code version} is not written. */
    static Json create(ModelVersion version, String key, List<ArtifactEntry> files) {
        RunId run = version.run();
        Json json = Format.stamp(Json.object())
                .put("model", version.model())
                .put("key", key)
                .put("created", version.created())
                .put("by", version.by())
                .put("run", run == null ? null : run.value())
                .put(
                        "datasets",
                        version.datasets().stream()
                                .map(DatasetVersionId::toString)
                                .toList());
        if (version.parent() != null) {
            json.put("parent", version.parent());
        }
        if (version.signature() != null) {
            json.put("signature", SignatureJson.write(version.signature()));
        }
        return json.put("description", version.description())
                .putTextMap("tags", version.tags())
                .put(
                        "digest",
                        Objects.requireNonNull(version.digest(), "digest").toString())
                .put("bytes", version.bytes())
                .put("files", files.stream().map(EntryJson::write).toList());
    }

    /** Reads the version as it was made, under the number of its folder. */
    static ModelVersion read(Json json, int number) {
        return new ModelVersion(
                json.parsed("model", "the name of a model", name -> new ModelVersionId(name, number)),
                json.parsed("digest", Format.DIGEST, Digest::parse),
                json.size("bytes"),
                json.parsedOrNull("run", "the id of a run", RunId::new),
                json.made(
                        "datasets",
                        "a list of dataset versions",
                        () -> json.texts("datasets").stream()
                                .map(DatasetVersionId::parse)
                                .toList()),
                json.versionOrNull("parent"),
                json.has("signature") ? SignatureJson.read(json.child("signature")) : null,
                json.text("description"),
                json.textMap("tags"),
                json.time("created"),
                json.text("by"));
    }

    /** Reads the name of the model. */
    static String model(Json json) {
        return json.text("model");
    }

    /** Reads the client's key. */
    static String key(Json json) {
        return json.text("key");
    }

    /** Reads the files, in the order of their paths. */
    static List<ArtifactEntry> files(Json json) {
        return json.children("files").stream()
                .map(EntryJson::read)
                .sorted((a, b) -> a.path().compareTo(b.path()))
                .toList();
    }
}
