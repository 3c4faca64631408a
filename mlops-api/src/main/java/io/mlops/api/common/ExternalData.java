package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Data kept elsewhere. */
record ExternalData(String name, Digest digest, String source) implements DataReference {
    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.:-]*://)([^/?#]*)(.*)", Pattern.DOTALL);
    private static final Pattern HOSTS =
            Pattern.compile("(\\[[^\\]]*]|[^:,@\\[\\]]*)(:[0-9]*)?(,(\\[[^\\]]*]|[^:,@\\[\\]]*)(:[0-9]*)?){0,50}");
    /** Oracle's driver takes {@code scott/tiger@host} without any mark before it. */
    private static final Pattern ORACLE_USER = Pattern.compile("^(jdbc:oracle:[a-z0-9]+:).*@", Pattern.DOTALL);

    private static final Pattern URI_PARAMETERS = Pattern.compile("\\?.+|;[^/=;?]*=.*|#[^/=#?]*=.*", Pattern.DOTALL);
    private static final Pattern PARAMETERS = Pattern.compile("[?;#][^/=?;#]*=.*", Pattern.DOTALL);

    ExternalData {
        Names.checkName("dataset", name);
        requireNonNull(digest, "digest");
        Names.checkValue("the source of " + name, requireNonNull(source, "source"), Limits.SOURCE, "");
        source = withoutSecrets(source);
    }

    @Override
    public @Nullable DatasetVersionId version() {
        return null;
    }

    /** Never longer than before, and the same if done twice. */
    private static String withoutSecrets(String source) {
        Matcher uri = URI.matcher(source);
        if (uri.matches()) {
            return uri.group(1) + withoutParameters(URI_PARAMETERS, withoutUser(uri.group(2), uri.group(3)));
        }
        return withoutParameters(PARAMETERS, ORACLE_USER.matcher(source).replaceFirst("$1"));
    }

    private static String withoutUser(String authority, String rest) {
        int at = authority.lastIndexOf('@');
        if (at < 0 && !HOSTS.matcher(authority).matches()) {
            // No host looks like that: a secret that itself holds a slash goes on up to some '@'.
            String all = authority + rest;
            return all.substring(all.lastIndexOf('@') + 1);
        }
        return authority.substring(at + 1) + rest;
    }

    /** Any of them may be a password or a signature. */
    private static String withoutParameters(Pattern parameters, String source) {
        Matcher first = parameters.matcher(source);
        return first.find() ? source.substring(0, first.start() + 1) + "…" : source;
    }
}
