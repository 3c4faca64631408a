package io.mlops.backends.fs;

import io.mlops.backends.fs.store.DamageLog;
import io.mlops.core.codec.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The lines of {@code artifacts-<n>.log}, which a list goes on in. Each put appends one, an object like {@code
 * artifacts.json} that ends with the CRC-32C of what stands before it; a later line counts more than an earlier one.
 */
final class ArtifactLog {
    private static final Pattern NAME = Pattern.compile("artifacts-([1-9][0-9]{0,8})\\.log");
    private static final String FILES = "files";
    private static final String CHECK = ",\"crc32c\":\"%08x\"}";
    private static final int CHECK_BYTES = CHECK.formatted(0).length();

    /**
     * What was read of a log.
     *
     * @param entries the artifacts of all whole lines, in their order
     * @param bytes the length of all lines that end; what comes after them is no whole line
     */
    record Lines(List<Json> entries, int bytes) {}

    private ArtifactLog() {}

    /** The name of the log of this number. */
    static String name(int number) {
        return "artifacts-" + number + ".log";
    }

    /** The number of a log by its name; empty if it is the name of something else. */
    static OptionalInt number(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    /** Makes a line. */
    static byte[] line(List<Json> entries) {
        String text = "{\"" + FILES + "\":" + Json.compact(entries);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return (text + check(bytes, 0, bytes.length) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String check(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return CHECK.formatted(crc.getValue());
    }

    /**
     * Reads lines. One that is damaged is told, and left out.
     *
     * @param offset the offset of the bytes in the file, for messages
     */
    static Lines read(byte[] bytes, Path file, long offset, DamageLog damage) {
        List<Json> entries = new ArrayList<>();
        int begin = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                if (isWhole(bytes, begin, end)) {
                    byte[] line = Arrays.copyOfRange(bytes, begin, end);
                    entries.addAll(Json.parse(line, file.toString()).children(FILES));
                } else {
                    damage.skipped(file, end - begin, offset + begin);
                }
                begin = end + 1;
            }
        }
        return new Lines(entries, begin);
    }

    private static boolean isWhole(byte[] bytes, int begin, int end) {
        int to = end - CHECK_BYTES;
        return to > begin
                && check(bytes, begin, to).equals(new String(bytes, to, CHECK_BYTES, StandardCharsets.ISO_8859_1));
    }
}
