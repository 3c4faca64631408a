package io.mlops.api.registry;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;

/**
 * What may change about a model or one of its versions, but for where aliases point. Applying a change twice is applying
 * it once.
 */
public sealed interface ModelChange {
    /** What may change about the model itself. */
    sealed interface OfModel extends ModelChange {}

    /** What may change about one version. */
    sealed interface OfVersion extends ModelChange {
        /** The version. */
        int number();
    }

    /** The model's text for people. */
    record Described(String text) implements OfModel {
        public Described {
            checkDescription(text);
        }
    }

    /** A tag of the model. */
    record Tagged(String key, String value) implements OfModel {
        public Tagged {
            checkTag(key, value);
        }
    }

    /** A tag of the model taken away. */
    record Untagged(String key) implements OfModel {
        public Untagged {
            Names.checkKey("tag", key);
        }
    }

    /** A version's text for people. */
    record VersionDescribed(int number, String text) implements OfVersion {
        public VersionDescribed {
            checkDescription(text);
        }
    }

    /** A tag of a version. */
    record VersionTagged(int number, String key, String value) implements OfVersion {
        public VersionTagged {
            checkTag(key, value);
        }
    }

    /** A tag of a version taken away. */
    record VersionUntagged(int number, String key) implements OfVersion {
        public VersionUntagged {
            Names.checkKey("tag", key);
        }
    }

    private static void checkDescription(String text) {
        Names.checkValue("the description", text, Limits.DESCRIPTION, "store it as a file of the version");
    }

    private static void checkTag(String key, String value) {
        Names.checkKey("tag", key);
        Names.checkValue(
                "the value of tag '" + key + "'", value, Limits.TAG_VALUE, "store it as a file of the version");
    }
}
