package io.mlops.core.codec;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import java.util.List;

/**
 * The fields of the document of an environment, the same on every backend. It is never rewritten. Not for instances.
 */
public final class EnvironmentJson {
    private EnvironmentJson() {}

    /** Adds the fields of an environment to a document. */
    public static Json write(RunEnvironment environment, Json document) {
        return document.putTextMap("facts", environment.facts())
                .put(
                        "dependencies",
                        environment.dependencies().stream()
                                .map(EnvironmentJson::write)
                                .toList())
                .putTextMap("missing", environment.missing());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws CorruptDataException if the document holds something else
     */
    public static RunEnvironment read(Json json) {
        List<Dependency> dependencies = json.made(
                "dependencies",
                "a list of libraries",
                () -> json.children("dependencies").stream()
                        .map(EnvironmentJson::dependency)
                        .toList());
        return json.made(
                "facts",
                "texts of at most 8000 characters",
                () -> new RunEnvironment(json.textMap("facts"), dependencies, json.textMap("missing")));
    }

    private static Json write(Dependency dependency) {
        Digest digest = dependency.digest();
        return Json.object()
                .put("name", dependency.name())
                .put("version", dependency.version())
                .put("digest", digest == null ? null : digest.toString())
                .put("file", dependency.file())
                .put("within", dependency.within());
    }

    private static Dependency dependency(Json json) {
        return new Dependency(
                json.text("name"),
                json.textOrNull("version"),
                json.parsedOrNull("digest", "a digest such as sha256:9f86d081…", Digest::parse),
                json.textOrNull("file"),
                json.textOrNull("within"));
    }
}
