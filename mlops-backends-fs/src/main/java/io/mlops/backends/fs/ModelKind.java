package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.RelativePath;
import io.mlops.api.registry.ModelVersion;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.version.Manifest;
import io.mlops.backends.fs.version.VersionKind;
import io.mlops.core.codec.Json;
import io.mlops.core.mlflow.PythonLeftovers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Models as a kind of thing that has versions: their folders, and how their documents are read. */
record ModelKind(Layout layout) implements VersionKind<ModelVersion> {
    @Override
    public String noun() {
        return "model";
    }

    @Override
    public Path versions() {
        return layout.models();
    }

    @Override
    public Path registry() {
        return layout.registry();
    }

    @Override
    public Path document(String name) {
        return layout.modelJson(name);
    }

    @Override
    public String name(Json manifest) {
        return ManifestJson.model(manifest);
    }

    @Override
    public Manifest<ModelVersion> read(Json manifest, int number) {
        Map<RelativePath, ArtifactEntry> files = new LinkedHashMap<>();
        ManifestJson.files(manifest).forEach(entry -> files.put(entry.path(), entry));
        ModelVersion made = ManifestJson.read(manifest, number);
        return new Manifest<>(made, ManifestJson.key(manifest), made.digest(), files);
    }

    @Override
    public boolean isLeftover(Path inVersion) {
        return PythonLeftovers.isOne(inVersion);
    }
}
