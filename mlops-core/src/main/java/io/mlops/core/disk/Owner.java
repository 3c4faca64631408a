package io.mlops.core.disk;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The owner of something unfinished: one place opened by one process, written {@code <host>-<boot>-<jvm>-<random>}.
 *
 * @param id unlike any other, also of the same process
 */
public record Owner(Host host, String id) {
    private static final Pattern TEXT = Pattern.compile("([a-z0-9.]+)-([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)");

    /** A new one for this process. */
    public static Owner here() {
        return new Owner(Host.current(), Host.token());
    }

    /** Reads the text form; null for something else. */
    public static @Nullable Owner parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? new Owner(new Host(matcher.group(1), matcher.group(2), matcher.group(3)), matcher.group(4))
                : null;
    }

    @Override
    public String toString() {
        return host.name() + "-" + host.boot() + "-" + host.jvm() + "-" + id;
    }
}
