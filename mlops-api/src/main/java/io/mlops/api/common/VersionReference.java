package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A version of a model as people name it: {@code churn/7}, which is its {@link ModelVersionId}, {@code churn@champion},
 * {@code churn@latest}, {@code churn#sha256:…}.
 */
public sealed interface VersionReference permits ModelVersionId, VersionReference.Aliased, VersionReference.Digested {
    /** The name of the model. */
    String name();

    /**
     * The version that an alias points to now; the alias {@code latest} is always there and names the newest, and so does
     * {@code Latest} unless an older store has an alias that is called so.
     */
    record Aliased(String name, String alias) implements VersionReference {
        /** The alias that is always there, names the newest version, and is moved by nobody, in whatever case. */
        public static final String LATEST = "latest";

        public Aliased {
            Names.checkName("model or dataset", name);
            Names.checkFormerAlias(alias);
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
     * Reads the text form, in which {@code latest} may stand in any case. A name that itself ends in {@code /7}, holds
     * {@code @} or {@code #}, or begins with {@code models:/}, as those of older stores may, needs the records.
     *
     * @throws IllegalArgumentException if the text names no version, or names it as another tool does; the message shows
     *     what to write instead
     */
    static VersionReference parse(String text) {
        return References.parse(text);
    }

    /**
     * Finds the name of the model in a text that would be read as a version of it, also as other tools write it; empty if
     * it is no more than a name.
     */
    static Optional<String> findName(String text) {
        return Optional.ofNullable(References.modelIn(text));
    }
}
