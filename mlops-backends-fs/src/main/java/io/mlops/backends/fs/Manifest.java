package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.RelativePath;
import io.mlops.api.registry.ModelVersion;
import io.mlops.core.codec.Json;
import io.mlops.core.codec.ManifestJson;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the manifest of a version says.
 *
 * @param made the version as it was made
 * @param key the client's
 * @param files in the order of their paths
 */
record Manifest(ModelVersion made, String key, Map<RelativePath, ArtifactEntry> files) {
    static Manifest read(Json json, int number) {
        Map<RelativePath, ArtifactEntry> files = new LinkedHashMap<>();
        ManifestJson.files(json).forEach(entry -> files.put(entry.path(), entry));
        return new Manifest(ManifestJson.read(json, number), ManifestJson.key(json), files);
    }
}
