package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Data kept elsewhere. */
record ExternalData(String name, Digest digest, String source) implements DataReference {
    private static final Pattern USER_INFO = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@");
    private static final int MAX_SOURCE = 5000;

    ExternalData {
        requireNonNull(digest, "digest");
        requireNonNull(source, "source");
        Names.checkName("dataset", name);
        source = USER_INFO.matcher(source).replaceFirst("$1");
        Names.checkValue("the source of " + name, source, MAX_SOURCE, "");
    }

    @Override
    public @Nullable DatasetVersionId version() {
        return null;
    }
}
