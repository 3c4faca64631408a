package io.mlops.backends.fs.faults;

import java.util.Arrays;

/** What a store does by calls of the system; each with the names that the call has on some machine. */
enum Syscall {
    RENAME("rename", "renameat", "renameat2"),
    LINK("link", "linkat"),
    SYNC("fsync", "fdatasync"),
    UNLINK("unlink", "unlinkat", "rmdir"),
    MKDIR("mkdir", "mkdirat"),
    /** The answers of our child processes are written by another one. */
    WRITE("write", "pwrite64"),
    /** At a known place, as event files are read. */
    READ("pread64"),
    /** The names in a folder. */
    LIST("getdents64");

    /** All by which a store changes. */
    static final Syscall[] CHANGES = {RENAME, LINK, SYNC, UNLINK, MKDIR, WRITE};

    private final String names;

    Syscall(String... names) {
        this.names = "?" + String.join(",?", names);
    }

    /** As strace takes them, those that this machine does not have included. */
    String names() {
        return names;
    }

    static String[] names(Syscall... syscalls) {
        return Arrays.stream(syscalls).map(syscall -> syscall.names).toArray(String[]::new);
    }
}
