package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;
import io.mlops.api.common.RunId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The description of a run that is to be started.
 *
 * @param id random if null
 * @param name for people; the id if null; kept as the tag {@code mlflow.runName}, too
 * @param parent the run that this one is part of; kept as the tag {@code mlflow.parentRunId}, too
 */
@CheckReturnValue
public record RunSpec(
        String experiment,
        @Nullable RunId id,
        @Nullable String name,
        @Nullable RunId parent,
        Map<String, String> tags) {
    public RunSpec {
        requireNonNull(tags, "tags");
        Names.checkName("experiment", experiment);
        if (name != null) {
            Names.checkName("run", name);
        }
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        tags.forEach(RunFact.Tagged::new);
        checkRoom(tags);
    }

    private static void checkRoom(Map<String, String> tags) {
        int count = 0;
        long characters = 0;
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            String key = tag.getKey();
            boolean ofTracker =
                    RunEnvironment.TAGS.contains(key) || key.equals(RunFact.NAME_TAG) || key.equals(RunFact.PARENT_TAG);
            if (!ofTracker) {
                count++;
                characters += key.length() + tag.getValue().length();
            }
        }
        if (count > Limits.TAGS || characters > Limits.RUN_CHARACTERS) {
            throw new IllegalArgumentException("a run cannot begin with " + count + " tags of " + characters
                    + " characters: it takes " + Limits.TAGS + " tags and " + Limits.RUN_CHARACTERS
                    + " characters; store data of that size as an artifact");
        }
    }

    /** A run of this experiment, which is made if need be. */
    public static RunSpec of(String experiment) {
        return new RunSpec(experiment, null, null, null, Map.of());
    }

    /** A copy with an id of your own, such as a job's: starting twice with it is starting once. */
    public RunSpec id(String own) {
        return id(new RunId(requireNonNull(own, "own")));
    }

    /** A copy with an id of your own: starting twice with it is starting once. */
    public RunSpec id(RunId own) {
        return new RunSpec(experiment, requireNonNull(own, "own"), name, parent, tags);
    }

    /** A copy with a name for people. */
    public RunSpec name(String shown) {
        return new RunSpec(experiment, id, requireNonNull(shown, "shown"), parent, tags);
    }

    /** A copy that is part of another run. */
    public RunSpec parent(RunId outer) {
        return new RunSpec(experiment, id, name, requireNonNull(outer, "outer"), tags);
    }

    /** A copy with one more tag. */
    public RunSpec tag(String key, String value) {
        RunFact.Tagged checked = new RunFact.Tagged(key, value);
        Map<String, String> more = new TreeMap<>(tags);
        more.put(checked.key(), checked.value());
        return new RunSpec(experiment, id, name, parent, more);
    }
}
