package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RelativePath;
import io.mlops.core.codec.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one writer knew of the files that it stored, in a file of its own that is never written again.
 *
 * @param writer of the process that wrote it
 * @param number counts the files of the writer
 * @param seen the greatest number of each other writer that this one had read: what it tells replaces theirs
 */
record DigestFile(String writer, int number, Map<String, Integer> seen, Map<RelativePath, ArtifactEntry> entries) {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{12})-(\\d{1,9})\\.json");

    DigestFile {
        seen = Collections.unmodifiableMap(new TreeMap<>(seen));
        entries = Map.copyOf(entries);
    }

    static DigestFile of(String writer, int number, Map<String, Integer> seen, Collection<ArtifactEntry> entries) {
        Map<RelativePath, ArtifactEntry> byPath = new HashMap<>();
        entries.forEach(entry -> byPath.put(entry.path(), entry));
        return new DigestFile(writer, number, seen, byPath);
    }

    /** The name of the file, by which its content is known: it never changes. */
    String name() {
        return writer + "-" + number + ".json";
    }

    /** Whether a name is that of such a file. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether the file with this name was read before this one was written. */
    boolean knew(DigestFile other) {
        return writer.equals(other.writer) ? number > other.number : seen.getOrDefault(other.writer, 0) >= other.number;
    }

    byte[] bytes() {
        List<Json> files = new ArrayList<>();
        new TreeMap<>(entries).values().forEach(entry -> files.add(json(entry)));
        Json before = Json.object();
        seen.forEach((other, last) -> before.put(other, (long) last));
        return Json.object()
                .put("format", 1)
                .put("seen", before)
                .put("artifacts", files)
                .bytes();
    }

    private static Json json(ArtifactEntry entry) {
        Json json = Json.object().put("path", entry.path().value()).put("bytes", entry.bytes());
        Digest digest = entry.digest();
        return digest == null ? json : json.put("digest", digest.toString());
    }

    /**
     * Reads a file.
     *
     * @return null if it was written by a newer version in a way that this one does not know
     * @throws io.mlops.api.common.CorruptDataException if it is damaged
     */
    static @Nullable DigestFile read(String name, byte[] bytes) {
        Matcher parts = NAME.matcher(name);
        Json json = Json.parse(bytes, name);
        if (!parts.matches() || json.number("format") != 1) {
            return null;
        }
        Map<String, Integer> seen = new HashMap<>();
        Json before = json.child("seen");
        before.names().forEach(other -> seen.put(other, (int) before.number(other)));
        List<ArtifactEntry> entries = json.children("artifacts").stream()
                .map(entry -> new ArtifactEntry(
                        entry.parsed("path", "a path", RelativePath::of),
                        entry.size("bytes"),
                        entry.parsedOrNull("digest", "a digest", Digest::parse)))
                .toList();
        return of(parts.group(1), Integer.parseInt(parts.group(2)), seen, entries);
    }
}
