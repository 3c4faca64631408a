package io.mlops.backends.fs.power;

import java.util.Map;
import java.util.TreeMap;

/** A file or folder, as programs see it and as the disk holds it. Guarded by its disk; byte arrays never change. */
final class Inode {
    final long number;
    final boolean folder;
    byte[] bytes = {};
    byte[] durableBytes = {};
    final Map<String, Inode> entries = new TreeMap<>();
    final Map<String, Inode> durableEntries = new TreeMap<>();
    long modifiedMillis;
    /** Channels that are open on it. */
    int open;

    Inode(long number, boolean folder) {
        this.number = number;
        this.folder = folder;
    }

    boolean dirty() {
        return bytes != durableBytes;
    }

    /** Without its entries, since those must point into the copy as well. */
    Inode copy() {
        Inode copy = new Inode(number, folder);
        copy.bytes = bytes;
        copy.durableBytes = durableBytes;
        copy.modifiedMillis = modifiedMillis;
        return copy;
    }
}
