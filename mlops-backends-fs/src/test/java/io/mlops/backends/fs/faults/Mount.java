package io.mlops.backends.fs.faults;

import java.io.IOException;
import java.nio.file.Path;

/** A file system that is mounted for a test; it is gone when this is closed, even if a process still uses it. */
final class Mount implements AutoCloseable {
    private final Path folder;

    private Mount(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts a small disk in memory.
     *
     * @param options the options of the mount, such as {@code size=64k}
     */
    static Mount memory(Path folder, String options) throws IOException {
        Command.run("mount", "-t", "tmpfs", "-o", options, "none", folder);
        return new Mount(folder);
    }

    /**
     * Mounts a folder onto itself as read-only: what is opened below it from now on cannot be written to; open files
     * stay writable.
     */
    static Mount readOnly(Path folder) throws IOException {
        Command.run("mount", "--bind", folder, folder);
        Mount mount = new Mount(folder);
        try {
            Command.run("mount", "-o", "remount,bind,ro", folder);
        } catch (IOException e) {
            mount.close();
            throw e;
        }
        return mount;
    }

    /** Shows a folder at a second place, as a volume of a container is shown. */
    static Mount bind(Path volume, Path folder) throws IOException {
        Command.run("mount", "--bind", volume, folder);
        return new Mount(folder);
    }

    /** Shows a folder whose files cannot change, and what is written over them, as one. */
    static Mount overlay(Path lower, Path upper, Path work, Path folder) throws IOException {
        String options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
        Command.run("mount", "-t", "overlay", "-o", options, "none", folder);
        return new Mount(folder);
    }

    /** Changes the options of the mount. */
    void change(String options) throws IOException {
        Command.run("mount", "-o", "remount," + options, folder);
    }

    @Override
    public void close() throws IOException {
        Command.run("umount", "--lazy", folder);
    }
}
