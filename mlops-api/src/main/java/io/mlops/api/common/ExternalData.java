package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Data that no catalogue knows, kept elsewhere. */
record ExternalData(String name, Digest digest, String source) implements DataReference {

    ExternalData {
        Names.checkName("dataset", name);
        requireNonNull(digest, "digest");
        Names.checkValue("the source of " + name, requireNonNull(source, "source"), Limits.SOURCE, "");
        source = Addresses.withoutSecrets(source);
    }

    @Override
    public @Nullable DatasetVersionId version() {
        return null;
    }
}
