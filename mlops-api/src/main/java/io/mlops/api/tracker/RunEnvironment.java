package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Digest;
import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The environment that a run ran in: code, libraries and machine. Many runs share one, so it holds nothing that differs
 * from run to run.
 *
 * @param facts by names such as {@code java.version}, {@code os.name}, {@code git.commit}; values of 8000 characters at
 *     most
 * @param dependencies in the order of the class path
 * @param missing by name, why a part could not be found out that somebody needs to get the same again
 */
public record RunEnvironment(Map<String, String> facts, List<Dependency> dependencies, Map<String, String> missing) {
    /** The tag under which MLflow keeps who made a run. */
    public static final String USER_TAG = "mlflow.user";

    /** The tag under which MLflow keeps which program a run ran. */
    public static final String SOURCE_TAG = "mlflow.source.name";

    /** The tag under which MLflow keeps the commit that a run's program was built from. */
    public static final String COMMIT_TAG = "mlflow.source.git.commit";

    /** The tag under which MLflow keeps the branch that was checked out. */
    public static final String BRANCH_TAG = "mlflow.source.git.branch";

    /** The tag under which MLflow keeps the address of the repository. */
    public static final String REMOTE_TAG = "mlflow.source.git.repoURL";

    /** The tags under which MLflow looks for facts, by the names of these. */
    private static final Map<String, String> MLFLOW = Map.of(
            "user", USER_TAG,
            "main.class", SOURCE_TAG,
            "git.commit", COMMIT_TAG,
            "git.branch", BRANCH_TAG,
            "git.remote", REMOTE_TAG);

    /** The names of all tags that {@link #tags} may have; they do not count among the tags that a run may have. */
    public static final Set<String> TAGS = Set.copyOf(MLFLOW.values());

    /**
     * One library, or a folder of classes.
     *
     * @param name such as {@code org.slf4j:slf4j-api}; the name of the jar if it does not tell
     * @param version null if the library does not tell
     * @param digest of the jar's bytes; of a folder, as of a model version; null if it was not digested, or was merged
     *     into the jar that it lies in
     * @param file the name of jar or folder, without what it lies in; null if it was merged into another jar
     * @param within the jar that it lies in; null for an entry of the class or module path
     */
    public record Dependency(
            String name,
            @Nullable String version,
            @Nullable Digest digest,
            @Nullable String file,
            @Nullable String within) {
        public Dependency {
            Names.checkName("dependency", name);
        }
    }

    public RunEnvironment {
        requireNonNull(facts, "facts");
        requireNonNull(dependencies, "dependencies");
        requireNonNull(missing, "missing");
        facts.forEach((name, value) -> {
            Names.checkFormerKey("fact", name);
            Names.checkValue("the value of fact '" + name + "'", value, Limits.FACT_VALUE, "");
        });
        missing.forEach((name, why) -> {
            requireNonNull(name, "missing");
            requireNonNull(why, name);
        });
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
        dependencies = List.copyOf(dependencies);
        missing = Collections.unmodifiableMap(new TreeMap<>(missing));
    }

    /** The facts that MLflow shows, under its names; a run has them as tags unless it has others of these names. */
    public Map<String, String> tags() {
        Map<String, String> tags = new TreeMap<>();
        MLFLOW.forEach((fact, tag) -> {
            String value = facts.get(fact);
            if (value != null) {
                tags.put(tag, value);
            }
        });
        return tags;
    }

    /**
     * Lists what is missing to reproduce a run: parts of the environment, and what the run itself did not record, which
     * are a param with {@code seed} in its key, and the data it used.
     *
     * @return by name, why
     */
    public SortedMap<String, String> missingFor(RunInfo run) {
        SortedMap<String, String> all = new TreeMap<>(missing);
        if (run.params().keySet().stream()
                .noneMatch(key -> key.toLowerCase(Locale.ROOT).contains("seed"))) {
            all.put("seed", "no param tells where random numbers began: record it by seed(…)");
        }
        if (run.inputs().isEmpty()) {
            all.put("inputs", "no data was named: record it by uses(…)");
        }
        return all;
    }
}
