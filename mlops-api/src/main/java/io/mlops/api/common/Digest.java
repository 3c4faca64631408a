package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A content digest, written {@code sha256:} and 64 hex digits. Other algorithms may describe data kept elsewhere.
 *
 * @param algorithm lower case, such as {@code sha256}
 * @param hex lower case
 */
public record Digest(String algorithm, String hex) {
    private static final Pattern ALGORITHM = Pattern.compile("[a-z0-9-]{1,20}");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{1,128}");
    private static final String SHA256 = "sha256";
    private static final int SHA256_DIGITS = 64;

    public Digest {
        requireNonNull(algorithm, "algorithm");
        requireNonNull(hex, "hex");
        algorithm = algorithm.toLowerCase(Locale.ROOT);
        hex = hex.toLowerCase(Locale.ROOT);
        if (!ALGORITHM.matcher(algorithm).matches() || !HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "'" + Names.printable(algorithm + ":" + hex) + "' is not a digest: write it like sha256:9f86d081…");
        }
        if (algorithm.equals(SHA256) && hex.length() != SHA256_DIGITS) {
            throw new IllegalArgumentException("a sha256 digest has 64 hex digits, not " + hex.length() + ": " + hex);
        }
    }

    /** A digest from the 32 bytes that SHA-256 gave. */
    public static Digest sha256(byte[] hash) {
        return new Digest(SHA256, HexFormat.of().formatHex(requireNonNull(hash, "hash")));
    }

    /**
     * Reads the form that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static Digest parse(String text) {
        int colon = requireNonNull(text, "text").indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "'" + Names.printable(text) + "' is not a digest: write it like sha256:9f86d081…");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /**
     * The digest of several files of known digests, by their paths with {@code /} in between, which versions and folders
     * have: SHA-256 of one line {@code <sha256 hex>  <path>\n} per file, ordered by the UTF-8 bytes of the path; what
     * {@code sha256sum} prints for the files, digested once more.
     */
    public static Digest ofFiles(Map<String, Digest> files) {
        SortedMap<byte[], Digest> sorted = new TreeMap<>(Arrays::compareUnsigned);
        files.forEach((path, digest) -> sorted.put(path.getBytes(StandardCharsets.UTF_8), digest));
        MessageDigest lines = LocalData.sha256();
        sorted.forEach((path, digest) -> {
            lines.update((digest.hex() + "  ").getBytes(StandardCharsets.US_ASCII));
            lines.update(path);
            lines.update((byte) '\n');
        });
        return sha256(lines.digest());
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
