package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Names;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change that a running run may record about itself. */
public sealed interface RunFact extends RunChange {
    /** The tag under which MLflow keeps a run's note. */
    String NOTE = "mlflow.note.content";

    /** The tag under which MLflow keeps a run's name: setting it renames the run. */
    String NAME_TAG = "mlflow.runName";

    /** The tag under which MLflow keeps the run that a run is part of: setting it moves the run there. */
    String PARENT_TAG = "mlflow.parentRunId";

    /** An input value; write-once. */
    record ParamSet(String key, String value) implements RunFact {
        public ParamSet {
            Names.checkKey("param", key);
            Names.checkStored("the value of param '" + key + "'", value, Limits.PARAM_VALUE, "store it as an artifact");
        }
    }

    /** A label; the last value wins. That of {@link #NAME_TAG} must be a name. */
    record Tagged(String key, String value) implements RunFact {
        public Tagged {
            Names.checkTagKey(key);
            if (key.equals(NAME_TAG)) {
                Names.checkName("run", value);
            }
            Names.checkStored("the value of tag '" + key + "'", value, Limits.RUN_TAG_VALUE, "store it as an artifact");
        }
    }

    /** Takes a label away; no matter whether it was there. */
    record Untagged(String key) implements RunFact {
        public Untagged {
            Names.checkFormerTagKey(key);
        }
    }

    /** A new name for people. */
    record Renamed(String name) implements RunFact {
        public Renamed {
            Names.checkName("run", name);
        }
    }

    /** Data that the run reads. */
    record Used(RunInput input) implements RunFact {
        public Used {
            requireNonNull(input, "input");
            Names.checkNoNul("the source of " + input.name(), input.source());
        }
    }

    /** A model version that came out of the run. */
    record Produced(ModelVersionId model) implements RunFact {
        public Produced {
            requireNonNull(model, "model");
        }
    }

    /** The environment that the run runs in from now on; its tags are set where the run has none of these names. */
    record RanIn(RunEnvironment environment) implements RunFact {
        public RanIn {
            requireNonNull(environment, "environment").tags().forEach((key, value) -> {
                Names.checkNoNul("the value of tag '" + key + "'", value);
            });
        }
    }

    /**
     * A param of any value that has one obvious text, or is a list or array of such; null and an empty optional become the
     * text {@code null}.
     *
     * @throws IllegalArgumentException for any other, naming the type and what to pass instead
     */
    static RunFact param(String key, @Nullable Object value) {
        return new ParamSet(key, ParamText.of(key, value));
    }

    /**
     * One param per entry; maps and records within it, 32 deep at most, become {@code outer.inner}, null and an empty
     * optional the text {@code null}.
     */
    static List<RunFact> params(Map<String, ? extends @Nullable Object> values) {
        return ParamText.ofEntries(requireNonNull(values, "values"));
    }

    /**
     * One param per component; maps and records within it, 32 deep at most, become {@code outer.inner}, null and an empty
     * optional the text {@code null}.
     */
    static List<RunFact> params(Record values) {
        return ParamText.ofComponents(requireNonNull(values, "values"));
    }
}
