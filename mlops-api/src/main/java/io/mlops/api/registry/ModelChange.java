package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.Names;

/** What may change about a model or one of its versions. Applying a change twice is applying it once. */
public sealed interface ModelChange {
    /** An alias of the model points elsewhere. */
    record AliasMoved(AliasMove move) implements ModelChange {
        public AliasMoved {
            requireNonNull(move, "move");
        }
    }

    /** The model's text for people. */
    record Described(String text) implements ModelChange {
        public Described {
            checkDescription(text);
        }
    }

    /** A tag of the model. */
    record Tagged(String key, String value) implements ModelChange {
        public Tagged {
            checkTag(key, value);
        }
    }

    /** A tag of the model taken away. */
    record Untagged(String key) implements ModelChange {
        public Untagged {
            Names.checkKey("tag", key);
        }
    }

    /** What may change about one version. */
    sealed interface OfVersion extends ModelChange {
        /** The version. */
        int number();
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

    /** Servers keep 5000 characters of a description. */
    static void checkDescription(String text) {
        Names.checkValue("the description", text, 5000, "store it as a file of the version");
    }

    private static void checkTag(String key, String value) {
        Names.checkKey("tag", key);
        Names.checkValue("the value of tag '" + key + "'", value, 5000, "store it as a file of the version");
    }
}
