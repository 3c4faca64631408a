package io.mlops.backends.fs.faults;

import java.util.Arrays;

/** The system calls by which a store works, each with the names that it has on one machine or another. */
enum Syscall {
    RENAME("rename", "renameat", "renameat2"),
    LINK("link", "linkat"),
    SYNC("fsync", "fdatasync"),
    UNLINK("unlink", "unlinkat", "rmdir"),
    MKDIR("mkdir", "mkdirat"),
    /** Calls that write files; the {@link Answers} of child processes are written by another one. */
    WRITE("write", "pwrite64"),
    /** Calls that read at a known place, as event files are read. */
    READ("pread64"),
    /** Calls that list the names in a folder. */
    LIST("getdents64");

    /** All calls by which a store changes. */
    static final Syscall[] CHANGES = {RENAME, LINK, SYNC, UNLINK, MKDIR, WRITE};

    private final String names;

    Syscall(String... names) {
        this.names = "?" + String.join(",?", names);
    }

    /** Returns the names as strace takes them, where a question mark lets it skip those that this machine lacks. */
    String names() {
        return names;
    }

    static String[] names(Syscall... syscalls) {
        return Arrays.stream(syscalls).map(syscall -> syscall.names).toArray(String[]::new);
    }
}
