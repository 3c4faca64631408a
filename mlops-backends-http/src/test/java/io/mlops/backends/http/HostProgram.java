package io.mlops.backends.http;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Files;
import java.security.CodeSource;

/** A program that trains and serves, started on a class path of its host's. */
final class HostProgram {
    private HostProgram() {}

    public static void main(String[] arguments) throws Exception {
        MlopsConfig config = MlopsConfig.standard().failures(FailurePolicy.FAIL);
        try (Mlops mlops = Mlops.using(HttpBackend.at(arguments[0], HttpSettings.standard()), config)) {
            try (Run run = mlops.tracker().start(RunSpec.of("churn"))) {
                run.param("trees", 200);
                run.metric("auc", 0.9);
                run.artifacts().put("a.txt", Content.text("fine"));
                ModelVersion version = mlops.registry()
                        .register(ModelSpec.of("churn", "model.txt", Content.text("a model"))
                                .run(run.id()));
                mlops.registry().move(AliasMove.of("churn@champion", version.number()));
                run.complete();
            }
            try (ModelHandle<String> model =
                    mlops.serving().load("churn@champion", files -> Files.readString(files.path("model.txt")))) {
                System.out.println("loaded " + model.version().id());
            }
        }
        for (String name : new String[] {
            "com.fasterxml.jackson.core.JsonFactory", "okhttp3.OkHttpClient", "kotlin.Unit", "org.slf4j.Logger"
        }) {
            CodeSource source = Class.forName(name).getProtectionDomain().getCodeSource();
            System.out.println("with " + source.getLocation().getPath().replaceFirst(".*/", ""));
        }
    }
}
