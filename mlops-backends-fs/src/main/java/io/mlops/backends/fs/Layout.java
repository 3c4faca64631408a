package io.mlops.backends.fs;

import io.mlops.api.common.Digest;
import io.mlops.api.common.RunId;
import java.nio.file.Path;

/** Where things lie in a store. */
record Layout(Path root) {
    static final String RUN = "run.json";
    static final String EXPERIMENT = "experiment.json";
    static final String VERSION = "version.json";
    static final String ARTIFACT_LIST = "artifacts.json";

    Path storeJson() {
        return root.resolve("store.json");
    }

    Path lock() {
        return root.resolve("store.lock");
    }

    Path live() {
        return root.resolve(".live");
    }

    Path staging() {
        return root.resolve(".staging");
    }

    Path trash() {
        return root.resolve(".trash");
    }

    /** Deleted experiments, each under the name of its folder. */
    Path deletedExperiments() {
        return trash().resolve("experiments");
    }

    /** Deleted runs of experiments that are not deleted, below the names of their folders. */
    Path deletedRuns() {
        return trash().resolve("runs");
    }

    /** Whether something in an experiment's folder is a run; files have a dot in their names. */
    static boolean isRun(String name) {
        return !name.contains(".");
    }

    /** What runs ran in, by digest. */
    Path environments() {
        return root.resolve("environments");
    }

    Path environment(Digest digest) {
        return environments().resolve(digest.hex() + ".json");
    }

    Path experiments() {
        return root.resolve("experiments");
    }

    Path experiment(String name) {
        return experiments().resolve(FolderNames.of(name));
    }

    static Path run(Path experiment, RunId run) {
        return experiment.resolve(FolderNames.of(run.value()));
    }

    static Path artifacts(Path run) {
        return run.resolve("artifacts");
    }

    /** Only finished versions: Triton takes whatever else lies here for a change of all of them. */
    Path models() {
        return root.resolve("models");
    }

    Path model(String name) {
        return models().resolve(FolderNames.of(name));
    }

    Path version(String model, int number) {
        return model(model).resolve(Integer.toString(number));
    }

    Path registry() {
        return root.resolve("registry");
    }

    /** The mutable half of a model. */
    Path registered(String model) {
        return registry().resolve(FolderNames.of(model));
    }

    Path modelJson(String model) {
        return registered(model).resolve("model.json");
    }

    Path changedVersion(String model, int number) {
        return registered(model).resolve("versions").resolve(number + ".json");
    }
}
