package io.mlops.backends.http.run;

import io.mlops.backends.http.server.Reserved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Cuts params and tags into requests that servers take: 100 of each, and 900 kB. Not for instances. */
final class Batches {
    /** Number of bytes of a request, which proxies often limit to a megabyte. */
    static final int MAX_BYTES = 900_000;

    private static final int MAX_OF_A_KIND = 100;

    /** Number of bytes around a key and a value. */
    private static final int FRAME = 40;

    /** Params and tags of one request. */
    record Batch(SortedMap<String, String> params, SortedMap<String, String> tags) {
        int size() {
            return params.size() + tags.size();
        }

        /** The same facts in two requests, params first. */
        List<Batch> halves() {
            int first = Math.max(1, size() / 2);
            Batch one = new Batch(new TreeMap<>(), new TreeMap<>());
            Batch other = new Batch(new TreeMap<>(), new TreeMap<>());
            params.forEach(
                    (key, value) -> (one.size() < first ? one : other).params().put(key, value));
            tags.forEach(
                    (key, value) -> (one.size() < first ? one : other).tags().put(key, value));
            return List.of(one, other);
        }
    }

    private Batches() {}

    /** The requests for these, in turn; params come as early as can be, since the server may refuse them. */
    static List<Batch> of(SortedMap<String, String> params, SortedMap<String, String> tags) {
        List<Batch> batches = new ArrayList<>();
        Cutter paramCutter = new Cutter(params.entrySet().iterator());
        Cutter tagCutter = new Cutter(tags.entrySet().iterator());
        while (paramCutter.hasNext() || tagCutter.hasNext()) {
            SortedMap<String, String> someParams = new TreeMap<>();
            SortedMap<String, String> someTags = new TreeMap<>();
            int bytes = paramCutter.fill(someParams, MAX_BYTES, MAX_OF_A_KIND);
            int unused = tagCutter.fill(someTags, MAX_BYTES - bytes, MAX_OF_A_KIND);
            batches.add(new Batch(someParams, someTags));
        }
        return batches;
    }

    /** The requests for the tags that a run begins with; the first of them makes it, and has as many as fit. */
    static List<Batch> ofBegun(SortedMap<String, String> tags) {
        List<Map.Entry<String, String>> ownFirst = new ArrayList<>(tags.entrySet());
        ownFirst.sort(Comparator.comparing(tag -> !Reserved.isReserved(tag.getKey())));
        SortedMap<String, String> first = new TreeMap<>();
        int unused = new Cutter(ownFirst.iterator()).fill(first, MAX_BYTES, Integer.MAX_VALUE);
        SortedMap<String, String> rest = new TreeMap<>(tags);
        rest.keySet().removeAll(first.keySet());
        List<Batch> batches = new ArrayList<>(List.of(new Batch(new TreeMap<>(), first)));
        batches.addAll(of(new TreeMap<>(), rest));
        return batches;
    }

    /** Takes entries one by one as long as they fit. */
    private static final class Cutter {
        private final Iterator<Map.Entry<String, String>> entries;
        private Map.@Nullable Entry<String, String> next;

        Cutter(Iterator<Map.Entry<String, String>> entries) {
            this.entries = entries;
            advance();
        }

        boolean hasNext() {
            return next != null;
        }

        /** Moves what fits into a map; returns its bytes. */
        int fill(Map<String, String> some, int room, int most) {
            int used = 0;
            Map.Entry<String, String> entry = next;
            while (entry != null && some.size() < most) {
                int bytes = FRAME + bytes(entry.getKey()) + bytes(entry.getValue());
                if (used + bytes > room) {
                    return used;
                }
                some.put(entry.getKey(), entry.getValue());
                used += bytes;
                advance();
                entry = next;
            }
            return used;
        }

        private void advance() {
            next = entries.hasNext() ? entries.next() : null;
        }
    }

    /** The bytes of a text in JSON, at most. */
    static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ') {
                bytes += 6;
            } else if (c == '"' || c == '\\' || (c >= 0x80 && c < 0x800) || Character.isSurrogate(c)) {
                bytes += 2;
            } else {
                bytes += c < 0x80 ? 1 : 3;
            }
        }
        return bytes;
    }
}
