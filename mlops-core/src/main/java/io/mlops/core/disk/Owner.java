package io.mlops.core.disk;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The owner of unfinished files: a process that has opened a store, or another place, once. Written as {@code
 * <host>-<boot>-<jvm>-<random>}.
 *
 * @param id 8 random hex digits: a process that opens a place twice is two owners
 */
public record Owner(Host host, String id) {
    private static final Pattern TEXT = Pattern.compile("([a-z0-9.]+)-([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)");

    /** Makes a new owner for this process. */
    public static Owner here() {
        return new Owner(Host.current(), Host.token());
    }

    /** Reads the text form of an owner; null if the text is none. */
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
