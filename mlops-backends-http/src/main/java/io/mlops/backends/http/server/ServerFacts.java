package io.mlops.backends.http.server;

import io.mlops.api.common.Limits;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Wire;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server can do, by its version, which is asked for once and only if it matters. A server that does not tell it
 * counts as a new one, and says no by itself to what it cannot do. Thread-safe.
 */
public final class ServerFacts {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?.*");

    /** Number of characters that every server keeps of a run's tag. */
    private static final int SHORT_TAG = 5000;

    /** The three numbers of a version. */
    private record Version(String text, int major, int minor, int patch) {
        boolean isBefore(int otherMajor, int otherMinor, int otherPatch) {
            if (major != otherMajor) {
                return major < otherMajor;
            }
            return minor != otherMinor ? minor < otherMinor : patch < otherPatch;
        }
    }

    private static final Version UNKNOWN = new Version("of a version that it does not tell", Integer.MAX_VALUE, 0, 0);

    private final Wire wire;
    /** Any thread may set it; two that ask at once get the same answer. */
    private volatile @Nullable Version version;

    /** What the server at the other end of the wire can do. */
    public ServerFacts(Wire wire) {
        this.wire = wire;
    }

    /** The version as the server tells it, for messages. */
    public String version() {
        return known().text();
    }

    /** Whether a server is older than this version. */
    public boolean isBefore(int major, int minor, int patch) {
        return known().isBefore(major, minor, patch);
    }

    /** Whether versions of models are logged models here, beside their runs. */
    public boolean hasLoggedModels() {
        return !isBefore(3, 1, 0);
    }

    /** Whether the server takes NaN for 0 where it compares metrics. */
    public boolean takesNanForZero() {
        return isBefore(3, 0, 0);
    }

    /** The number of characters that a run's tag may have; some servers cut what is longer without a word. */
    public int longestRunTag() {
        return isBefore(2, 17, 0) ? SHORT_TAG : Limits.RUN_TAG_VALUE;
    }

    /**
     * Refuses tags of a run that the server would cut.
     *
     * @throws RefusedException naming one of them
     */
    public void checkRunTags(RunId run, Map<String, String> tags) {
        tags.forEach((key, value) -> {
            // Most are short, so that the version need not be known.
            if (value.length() > SHORT_TAG && value.length() > longestRunTag()) {
                throw new RefusedException(
                        "tag '" + key + "' of run " + run + " has " + value.length() + " characters, and a server "
                                + version() + " keeps " + longestRunTag() + ": store it as an artifact",
                        null);
            }
        });
    }

    private Version known() {
        Version told = version;
        if (told == null) {
            told = ask();
            version = told;
        }
        return told;
    }

    private Version ask() {
        if (!(wire.text(Call.get("version")) instanceof Answer.Value<String> told)) {
            return UNKNOWN;
        }
        wire.version(told.value());
        return parse(told.value());
    }

    private static Version parse(String text) {
        Matcher numbers = VERSION.matcher(text);
        if (!numbers.matches()) {
            return UNKNOWN;
        }
        String patch = numbers.group(3);
        return new Version(
                text,
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                patch == null ? 0 : Integer.parseInt(patch));
    }
}
