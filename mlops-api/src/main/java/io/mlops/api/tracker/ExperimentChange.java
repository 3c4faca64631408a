package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;

/** One change to an experiment. Applying it twice is applying it once. */
public sealed interface ExperimentChange {
    /** Gives the experiment another name; its runs and its id stay as they are, and the old name is free. */
    record Renamed(String name) implements ExperimentChange {
        public Renamed {
            Names.checkName("experiment", name);
        }
    }

    /** Sets a tag or replaces it. */
    record Tagged(String key, String value) implements ExperimentChange {
        public Tagged {
            Names.checkTagKey(key);
            Names.checkStored("tag '" + key + "'", value, Limits.TAG_VALUE, "");
        }
    }

    /** Removes a tag. */
    record Untagged(String key) implements ExperimentChange {
        public Untagged {
            Names.checkFormerTagKey(key);
        }
    }

    /** Says what a metric means, in place of what was said before; kept as tags. */
    record Described(MetricInfo metric) implements ExperimentChange {
        public Described {
            Names.checkKey("metric", requireNonNull(metric, "metric").key());
            metric.tags().forEach((key, value) -> {
                ExperimentChange unused = value == null ? new Untagged(key) : new Tagged(key, value);
            });
        }
    }

    /** Hides the experiment with all its runs, which must have ended. Its name stays taken until it is purged. */
    record Deleted() implements ExperimentChange {}

    /** Shows a deleted experiment again, with the runs that were not deleted on their own. */
    record Restored() implements ExperimentChange {}
}
