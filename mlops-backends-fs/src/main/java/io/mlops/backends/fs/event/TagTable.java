package io.mlops.backends.fs.event;

import io.mlops.core.query.PointSummary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A map of summaries by the bytes of their tags, which needs no string for a look-up. Not thread-safe. */
final class TagTable {
    private @Nullable Entry[] slots = new Entry[32];
    private int size;

    private static final class Entry {
        private final int hash;
        private final byte[] tag;
        private final PointSummary summary = new PointSummary();

        Entry(int hash, byte[] tag) {
            this.hash = hash;
            this.tag = tag;
        }

        boolean is(int otherHash, byte[] bytes, int from, int length) {
            return hash == otherHash && Arrays.equals(tag, 0, tag.length, bytes, from, from + length);
        }
    }

    /** Returns the summary of a tag, a new one if there is none yet. */
    PointSummary get(byte[] bytes, int from, int length) {
        int hash = 1;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        hash ^= hash >>> 16;
        for (int slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
            Entry entry = slots[slot];
            if (entry == null) {
                return add(new Entry(hash, Arrays.copyOfRange(bytes, from, from + length)));
            }
            if (entry.is(hash, bytes, from, length)) {
                return entry.summary;
            }
        }
    }

    Map<String, PointSummary> byTag() {
        Map<String, PointSummary> found = new TreeMap<>();
        for (Entry entry : slots) {
            if (entry != null) {
                found.put(new String(entry.tag, StandardCharsets.UTF_8), entry.summary);
            }
        }
        return found;
    }

    private PointSummary add(Entry entry) {
        if (++size * 2 > slots.length) {
            @Nullable Entry[] before = slots;
            slots = new Entry[before.length * 2];
            for (Entry moved : before) {
                if (moved != null) {
                    put(moved);
                }
            }
        }
        put(entry);
        return entry.summary;
    }

    private void put(Entry entry) {
        int slot = entry.hash & (slots.length - 1);
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = entry;
    }
}
