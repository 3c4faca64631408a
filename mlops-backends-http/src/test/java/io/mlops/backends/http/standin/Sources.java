package io.mlops.backends.http.standin;

import io.mlops.backends.http.standin.Tables.LoggedModel;
import io.mlops.backends.http.standin.Tables.Run;
import io.mlops.backends.http.standin.Tables.Version;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where a model version may say that its files are. */
final class Sources {
    private static final String REGISTRATIONS = "mlflow.modelVersions";

    private final Tables tables;
    private final Release release;

    Sources(Tables tables, Release release) {
        this.tables = tables;
        this.release = release;
    }

    /** Refuses a source outside of the run or logged model that is named; servers before 3 do not look. */
    void check(String source, String run, String model) {
        if (!source.contains(":/") || source.startsWith("file:")) {
            throw invalid(source, "To use a local path as a model version source, …");
        }
        String path = URLDecoder.decode(source.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (List.of(path.split("/")).contains("..") || path.indexOf('\0') >= 0) {
            throw invalid(source, "… an absolute path must be provided without relative path references present.");
        }
        if (!release.three()) {
            return;
        }
        if (model.isEmpty()) {
            checkRun(source, run);
        } else {
            checkModel(source, model);
        }
    }

    private void checkRun(String source, String id) {
        Run run = tables.runs.get(id);
        boolean within = source.startsWith("runs:/")
                ? !id.isEmpty() && source.startsWith("runs:/" + id + "/")
                : run != null && within(source, run.artifacts());
        boolean logged = source.matches("models:/m-[0-9a-f]{32}.*");
        boolean checked = source.startsWith("runs:") || source.startsWith("mlflow-artifacts:");
        if (logged || (checked && !within)) {
            throw foreign(source, logged ? "model_id" : "run_id");
        }
    }

    private void checkModel(String source, String id) {
        LoggedModel model = tables.loggedModels.get(id);
        boolean within = source.equals("models:/" + id) || (model != null && within(source, model.artifacts()));
        boolean logged = source.matches("models:/m-[0-9a-f]{32}.*");
        boolean checked = logged || source.startsWith("runs:") || source.startsWith("mlflow-artifacts:");
        if (checked && !within) {
            throw foreign(source, "model_id");
        }
    }

    private static boolean within(String source, String root) {
        return source.equals(root) || source.startsWith(root + "/");
    }

    private static Refusal foreign(String source, String parameter) {
        return invalid(source, "The " + parameter + " request parameter must identify the resource that contains it.");
    }

    private static Refusal invalid(String source, String why) {
        return Refusal.invalid("Invalid model version source: '" + source + "'. " + why);
    }

    /** Returns where files of the source are to be fetched. */
    String location(String source) {
        LoggedModel model = source.startsWith("models:/") ? tables.loggedModels.get(source.substring(8)) : null;
        return model == null ? source : model.artifacts();
    }

    /** Notes in the logged model that it was registered. */
    void note(LoggedModel logged, Version version) {
        String entry = "{\"name\": \"" + version.model.name + "\", \"version\": " + version.number + "}";
        logged.tags.merge(
                REGISTRATIONS,
                "[" + entry + "]",
                (old, first) -> old.substring(0, old.length() - 1) + ", " + entry + "]");
    }
}
