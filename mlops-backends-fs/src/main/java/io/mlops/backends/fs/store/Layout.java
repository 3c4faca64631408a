package io.mlops.backends.fs.store;

import io.mlops.api.common.Digest;
import io.mlops.api.common.RunId;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where things lie in a store. */
public record Layout(Path root) {
    public static final String RUN = "run.json";
    public static final String EXPERIMENT = "experiment.json";
    public static final String VERSION = "version.json";
    public static final String ARTIFACT_LIST = "artifacts.json";

    private static final Pattern JOINED = Pattern.compile("w-[a-z0-9][a-z0-9-]*");

    Path storeJson() {
        return root.resolve("store.json");
    }

    Path lock() {
        return root.resolve("store.lock");
    }

    /** Files that show who lives. */
    Path live() {
        return root.resolve(".live");
    }

    Path staging() {
        return root.resolve(".staging");
    }

    public Path trash() {
        return root.resolve(".trash");
    }

    /** Deleted experiments, each under the name of its folder. */
    public Path deletedExperiments() {
        return trash().resolve("experiments");
    }

    /** Deleted runs of experiments that are not deleted, below the names of their folders. */
    public Path deletedRuns() {
        return trash().resolve("runs");
    }

    /** Whether something in an experiment's folder is a run; files have a dot in their names. */
    public static boolean isRun(String name) {
        return !name.contains(".");
    }

    /** What runs ran in, by digest. */
    public Path environments() {
        return root.resolve("environments");
    }

    public Path environment(Digest digest) {
        return environments().resolve(digest.hex() + ".json");
    }

    public Path experiments() {
        return root.resolve("experiments");
    }

    public Path experiment(String name) {
        return named(experiments(), name);
    }

    public static Path run(Path experiment, RunId run) {
        return named(experiment, run.value());
    }

    public static Path artifacts(Path run) {
        return run.resolve("artifacts");
    }

    /** Whether something in a run's folder holds the files of a writer that joined. */
    public static boolean isJoined(String name) {
        return JOINED.matcher(name).matches();
    }

    /** The folder of a writer that joined a run which somebody else was writing. */
    public static Path joined(Path run, String writer) {
        return run.resolve("w-" + writer);
    }

    /** Only finished versions: Triton takes whatever else lies here for a change of all of them. */
    public Path models() {
        return root.resolve("models");
    }

    /** A folder for a name that people chose, below that of all of its kind. */
    public static Path named(Path all, String name) {
        return all.resolve(FolderNames.of(name));
    }

    /** The mutable halves of models. */
    public Path registry() {
        return root.resolve("registry");
    }

    public Path modelJson(String model) {
        return named(registry(), model).resolve("model.json");
    }

    /** What changed about a version since it was made. */
    public Path changedVersion(String model, int number) {
        return named(registry(), model).resolve("versions").resolve(number + ".json");
    }
}
