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

    /** Changes the options of the mount. */
    void change(String options) throws IOException {
        Command.run("mount", "-o", "remount," + options, folder);
    }

    @Override
    public void close() throws IOException {
        Command.run("umount", "--lazy", folder);
    }
}
