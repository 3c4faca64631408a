package io.mlops.core.disk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A machine, one boot of it and one JVM there. The JVM's token is a system property, since all class loaders share
 * those; a pid would not do, since two containers may have the same.
 *
 * @param name letters, digits and dots, at most 40
 * @param boot 8 hex digits, or {@code 0} where the system does not say
 * @param jvm 8 hex digits
 */
public record Host(String name, String boot, String jvm) {
    private static final String JVM_PROPERTY = "io.mlops.jvm";
    private static final int TOKEN_BYTES = 4;

    /** Returns the host of this process, the same for all class loaders of this JVM. */
    public static Host current() {
        String boot = firstLine("/proc/sys/kernel/random/boot_id").replace("-", "");
        String mine = token();
        Object known = System.getProperties().putIfAbsent(JVM_PROPERTY, mine);
        return new Host(
                hostName(), boot.length() < 8 ? "0" : boot.substring(0, 8), known instanceof String jvm ? jvm : mine);
    }

    /** Draws 8 random hex digits. */
    public static String token() {
        byte[] drawn = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private static String hostName() {
        String name = firstLine("/proc/sys/kernel/hostname");
        if (name.isEmpty()) {
            try {
                name = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                name = "host";
            }
        }
        String safe = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "");
        return safe.isEmpty() ? "host" : safe.substring(0, Math.min(40, safe.length()));
    }

    private static String firstLine(String file) {
        try {
            return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.US_ASCII).trim();
        } catch (IOException notThisSystem) {
            return "";
        }
    }
}
