package io.mlops.backends.fs.store;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.core.codec.FilePaths;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.FileType;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The paths of everything in a store, and the names of its files. Immutable. */
public record Layout(Path root) {
    public static final String RUN = "run.json";
    public static final String EXPERIMENT = "experiment.json";
    public static final String MODEL = "model.json";
    public static final String VERSION = "version.json";
    public static final String ARTIFACT_LIST = "artifacts.json";

    private static final Pattern RUN_FOLDER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_~-]{0,59}");
    private static final Pattern JOINED = Pattern.compile("w-[a-z0-9][a-z0-9-]*");

    /** Returns the address of the store, as messages name it and programs open it. */
    public String address() {
        return "file:" + root;
    }

    Path storeJson() {
        return root.resolve("store.json");
    }

    Path lock() {
        return root.resolve("store.lock");
    }

    /** Returns the folder of the files that show which processes live. */
    Path live() {
        return root.resolve(".live");
    }

    public Path staging() {
        return root.resolve(".staging");
    }

    public Path trash() {
        return root.resolve(".trash");
    }

    /** Returns the folder of deleted experiments, each under the name of its own folder. */
    public Path deletedExperiments() {
        return trash().resolve("experiments");
    }

    /**
     * Returns the folder of deleted runs whose experiments are not deleted, below the names of the experiments'
     * folders.
     */
    public Path deletedRuns() {
        return trash().resolve("runs");
    }

    /** Returns whether a name in an experiment's folder may be that of a run's folder; files have a dot in their names. */
    public static boolean isRun(String name) {
        return !name.contains(".") && FileType.isPath(name);
    }

    /**
     * Checks that a document lies in the folder of the name that it holds: a copy of the folder has another.
     *
     * @param field the field of the name
     * @throws CorruptDataException naming the document
     */
    public static void checkOwn(Json json, String field, Path folder) {
        String name = json.text(field);
        String own = folder.getFileName().toString();
        String now = FolderNames.of(name);
        if (!own.equals(name) && !own.equals(now) && !own.equals(FolderNames.former(name, now))) {
            throw new CorruptDataException(
                    json.source() + " is of '" + name
                            + "', which has another folder: a copy counts for nothing, take it" + " away",
                    null);
        }
    }

    /** Returns whether a text that a file holds may be the name of a run's folder; anything else is no path of ours. */
    public static boolean isRunFolder(String text) {
        return RUN_FOLDER.matcher(text).matches();
    }

    /** Returns the folder of the environments of runs, one file for each digest. */
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

    /**
     * Returns the file of an artifact, by names that Windows can hold, too. Older versions kept other names: one that is
     * there is taken unless the artifact was stored again.
     *
     * @throws RefusedException if this JVM cannot name such a file
     */
    public static Path artifact(Path run, RelativePath path) {
        Path root = run.resolve("artifacts");
        String stored = FolderNames.ofParts(path);
        if (stored.equals(path.value())) {
            return FilePaths.resolve(root, path);
        }
        Path file = FilePaths.resolve(root, RelativePath.of(stored));
        return former(file, root, path.value());
    }

    /** Returns the file or folder that an older version made by another name, if only that is there. */
    private static Path former(Path now, Path root, String name) {
        try {
            Path former = root.resolve(name);
            return Files.exists(now, LinkOption.NOFOLLOW_LINKS) || !Files.exists(former, LinkOption.NOFOLLOW_LINKS)
                    ? now
                    : former;
        } catch (InvalidPathException ofThisSystem) {
            return now;
        }
    }

    /** Returns whether a name in a run's folder is that of a folder for a writer that joined. */
    public static boolean isJoined(String name) {
        return JOINED.matcher(name).matches();
    }

    /** Returns the folder of a writer that joined a run which another process was writing. */
    public static Path joined(Path run, String writer) {
        return run.resolve("w-" + writer);
    }

    /**
     * Returns the folder of models, which holds finished versions only: Triton takes anything else here for a change of
     * all of them.
     */
    public Path models() {
        return root.resolve("models");
    }

    /** Returns the folder for a name that people chose, below the folder of its kind. */
    public static Path named(Path all, String name) {
        String now = FolderNames.of(name);
        String former = FolderNames.former(name, now);
        return former.equals(now) ? all.resolve(now) : former(all.resolve(now), all, former);
    }

    /** Returns the folder of what may change about models. */
    public Path registry() {
        return root.resolve("registry");
    }

    public Path modelJson(String model) {
        return named(registry(), model).resolve(MODEL);
    }

    /** Returns the document of what changed about a version since it was made. */
    public Path changedVersion(String model, int number) {
        return named(registry(), model).resolve("versions").resolve(number + ".json");
    }
}
