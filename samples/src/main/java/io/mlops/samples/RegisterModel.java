package io.mlops.samples;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.Progress;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.core.Mlops;
import java.io.PrintStream;
import java.nio.file.Path;

/** Registers a model of any kind and size, and loads it with every byte verified; a terminal shows how far it is. */
public final class RegisterModel {
    private RegisterModel() {}

    /** For example {@code RegisterModel file:mlops-store churn model.onnx}. */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        if (arguments.length != 3) {
            err.println("expected a store, a model's name, and a file or folder,"
                    + " such as file:mlops-store churn model.onnx");
            return 2;
        }
        Progress bar = ConsoleBar.on(out);
        try (Mlops mlops = Mlops.open(arguments[0])) {
            ModelVersion version =
                    mlops.registry().progress(bar).register(ModelSpec.of(arguments[1], Path.of(arguments[2])));
            out.println(version.id() + " registered");
            try (ModelHandle<Path> loaded = mlops.serving().progress(bar).load(version.id(), files -> files.folder())) {
                out.println(loaded.version().id() + " loaded, every byte verified");
            }
            return 0;
        } catch (MlopsException | IllegalArgumentException e) {
            err.println(e.getMessage());
            return 1;
        }
    }
}
