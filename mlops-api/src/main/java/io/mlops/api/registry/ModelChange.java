package io.mlops.api.registry;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;

/**
 * One change to a model or to one of its versions; aliases are moved by {@code AliasMove}. Applying a change twice is
 * applying it once.
 */
public sealed interface ModelChange {
    /** A change to the model itself. */
    sealed interface OfModel extends ModelChange {}

    /** A change to one version. */
    sealed interface OfVersion extends ModelChange {
        /** The number of the version. */
        int number();
    }

    /** Sets the model's text for people. */
    record Described(String text) implements OfModel {
        public Described {
            checkDescription(text);
        }
    }

    /** Sets a tag of the model. */
    record Tagged(String key, String value) implements OfModel {
        public Tagged {
            checkTag(key, value);
        }
    }

    /** Takes a tag of the model away. */
    record Untagged(String key) implements OfModel {
        public Untagged {
            Names.checkFormerTagKey(key);
        }
    }

    /** Sets a version's text for people. */
    record VersionDescribed(int number, String text) implements OfVersion {
        public VersionDescribed {
            checkDescription(text);
        }
    }

    /** Sets a tag of a version. */
    record VersionTagged(int number, String key, String value) implements OfVersion {
        public VersionTagged {
            checkTag(key, value);
        }
    }

    /** Takes a tag of a version away. */
    record VersionUntagged(int number, String key) implements OfVersion {
        public VersionUntagged {
            Names.checkFormerTagKey(key);
        }
    }

    private static void checkDescription(String text) {
        Names.checkStored("the description", text, Limits.DESCRIPTION, "store it as a file of the version");
    }

    private static void checkTag(String key, String value) {
        Names.checkTagKey(key);
        Names.checkStored(
                "the value of tag '" + key + "'", value, Limits.TAG_VALUE, "store it as a file of the version");
    }
}
