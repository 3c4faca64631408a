package io.mlops.core.codec;

import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.core.json.PackageVersion;
import io.mlops.api.common.UnsupportedByBackendException;
import java.security.CodeSource;

/** The Jackson that the program runs with, which may be older than the one this library was built with. */
public final class JacksonVersion {
    private static final int MAJOR = 2;
    private static final int MINOR = 10;
    private static final String NEEDED = "this library needs jackson-core " + MAJOR + "." + MINOR + " or newer";

    private JacksonVersion() {}

    /**
     * Tells of a Jackson that lacks what this library calls, before a call finds out.
     *
     * @throws UnsupportedByBackendException if it is too old or missing, saying which one is there and which is needed
     */
    public static void check() {
        Version there;
        try {
            there = PackageVersion.VERSION;
        } catch (NoClassDefFoundError none) {
            throw new UnsupportedByBackendException(NEEDED + ", and there is none: add it to the class path");
        }
        boolean older = there.getMajorVersion() < MAJOR
                || (there.getMajorVersion() == MAJOR && there.getMinorVersion() < MINOR);
        if (older) {
            CodeSource source = PackageVersion.class.getProtectionDomain().getCodeSource();
            throw new UnsupportedByBackendException(NEEDED + ", and what is there is " + there
                    + (source == null || source.getLocation() == null ? "" : " of " + source.getLocation())
                    + ": raise its version, or that of the framework that brings it");
        }
    }
}
