package io.mlops.backends.fs.power;

import java.util.Map;
import java.util.TreeMap;

/**
 * A file or folder as programs see it now, and as a power cut would leave it. The monitor of its {@link PowerDisk}
 * guards all fields; byte arrays are replaced and never changed.
 */
final class Inode {
    final long number;
    final boolean folder;
    byte[] bytes = {};
    byte[] durableBytes = {};
    final Map<String, Inode> entries = new TreeMap<>();
    final Map<String, Inode> durableEntries = new TreeMap<>();
    long modifiedMillis;
    /** Number of channels that are open on it. */
    int open;

    Inode(long number, boolean folder) {
        this.number = number;
        this.folder = folder;
    }

    boolean dirty() {
        return bytes != durableBytes;
    }

    /** Copies all but the entries, which the caller must lead to copies, too. */
    Inode copy() {
        Inode copy = new Inode(number, folder);
        copy.bytes = bytes;
        copy.durableBytes = durableBytes;
        copy.modifiedMillis = modifiedMillis;
        return copy;
    }
}
