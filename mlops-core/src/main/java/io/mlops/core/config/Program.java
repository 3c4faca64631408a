package io.mlops.core.config;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.Names;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings for what the program around gives.
 *
 * @param by who does what is done, for histories; the operating system's user if null; at most 500 characters
 * @param workFolder for private copies of models and of streams longer than 1 MiB; the JDK's temporary folder if null,
 *     which suits no service that serves for weeks where a cleaner removes old files there
 * @param clock where times come from
 * @param exitHook whether what is still open is ended when the JVM ends; if not, close the {@code Mlops} in any case
 */
@CheckReturnValue
public record Program(@Nullable String by, @Nullable Path workFolder, InstantSource clock, boolean exitHook) {
    public Program {
        requireNonNull(clock, "clock");
        if (by != null) {
            Names.checkName("user who does it", by);
        }
    }

    /** The operating system's user, temporary folder and clock, and a hook at the end. */
    public static Program standard() {
        return new Program(null, null, InstantSource.system(), true);
    }

    /** A copy that says who it acts for. */
    public Program by(String who) {
        return new Program(who, workFolder, clock, exitHook);
    }

    /** A copy that makes private folders below this one. */
    public Program workFolder(Path folder) {
        return new Program(by, folder, clock, exitHook);
    }

    /** A copy with another source of times. */
    public Program clock(InstantSource source) {
        return new Program(by, workFolder, source, exitHook);
    }

    /** A copy that ends what is open when the JVM ends, or leaves that to the program. */
    public Program exitHook(boolean ends) {
        return new Program(by, workFolder, clock, ends);
    }
}
