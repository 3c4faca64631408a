package io.mlops.backends.fs;

import io.mlops.api.common.Digest;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import io.mlops.backends.fs.store.Format;
import io.mlops.core.codec.Json;
import java.util.List;

/** The fields of the document of an environment, which many runs share and which is never rewritten. */
final class EnvironmentJson {
    private EnvironmentJson() {}

    /** Makes the document of an environment. */
    static Json create(RunEnvironment environment) {
        return Format.stamp(Json.object())
                .putTextMap("facts", environment.facts())
                .put(
                        "dependencies",
                        environment.dependencies().stream()
                                .map(EnvironmentJson::write)
                                .toList())
                .putTextMap("missing", environment.missing());
    }

    /** Reads what {@link #create} wrote. */
    static RunEnvironment read(Json json) {
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
                json.parsedOrNull("digest", Format.DIGEST, Digest::parse),
                json.textOrNull("file"),
                json.textOrNull("within"));
    }
}
