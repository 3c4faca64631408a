package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

/**
 * A version as people name it: {@code churn/7}, {@code churn@champion}, {@code churn@latest}, {@code churn#sha256:…}.
 */
public sealed interface VersionReference {
    /** The name of the model or dataset. */
    String name();

    /** The version with this number. */
    record Numbered(String name, int number) implements VersionReference {
        public Numbered {
            Names.checkName("model or dataset", name);
            Names.checkNumber(number);
        }

        @Override
        public String toString() {
            return name + "/" + number;
        }
    }

    /** The version that an alias points to now; the alias {@code latest} is always there and names the newest. */
    record Aliased(String name, String alias) implements VersionReference {
        /** The alias that is always there, names the newest version, and is moved by nobody. */
        public static final String LATEST = "latest";

        public Aliased {
            requireNonNull(alias, "alias");
            Names.checkName("model or dataset", name);
            if (!alias.equals(LATEST)) {
                Names.checkAlias(alias);
            }
        }

        @Override
        public String toString() {
            return name + "@" + alias;
        }
    }

    /** The first version with exactly this content; the only form that means the same in every store. */
    record Digested(String name, Digest digest) implements VersionReference {
        public Digested {
            requireNonNull(digest, "digest");
            Names.checkName("model or dataset", name);
        }

        @Override
        public String toString() {
            return name + "#" + digest;
        }
    }

    /**
     * Reads the text form. A name that itself ends in {@code /7} or holds {@code @} or {@code #} needs the records.
     *
     * @throws IllegalArgumentException if the text names no version
     */
    static VersionReference parse(String text) {
        return References.parse(text);
    }
}
