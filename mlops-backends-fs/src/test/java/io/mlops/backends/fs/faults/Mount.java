package io.mlops.backends.fs.faults;

import java.io.IOException;
import java.nio.file.Path;

/** A file system that is mounted for a test; gone when closed, whoever still uses it. */
final class Mount implements AutoCloseable {
    private final Path folder;

    private Mount(Path folder) {
        this.folder = folder;
    }

    /**
     * A small disk of its own.
     *
     * @param options such as {@code size=64k}
     */
    static Mount memory(Path folder, String options) throws IOException {
        Command.run("mount", "-t", "tmpfs", "-o", options, "none", folder);
        return new Mount(folder);
    }

    /** Makes a folder read-only for whoever opens something in it from now on. What is open stays writable. */
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

    /** Changes its options. */
    void change(String options) throws IOException {
        Command.run("mount", "-o", "remount," + options, folder);
    }

    @Override
    public void close() throws IOException {
        Command.run("umount", "--lazy", folder);
    }
}
