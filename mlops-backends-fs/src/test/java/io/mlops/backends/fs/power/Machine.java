package io.mlops.backends.fs.power;

import io.mlops.backends.fs.FsBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A machine from one boot to its next power cut, and the processes that use its store, which end with the power. Not
 * thread-safe.
 */
final class Machine {
    /** The system property by which a store tells processes from class loaders of one JVM. */
    private static final String JVM_PROPERTY = "io.mlops.jvm";

    private static final Random TOKENS = new Random();

    private final PowerDisk disk;
    private final Path root;
    private final Map<Integer, FsBackend> processes = new TreeMap<>();
    private boolean crashed;

    Machine(PowerDisk disk) {
        this.disk = disk;
        this.root = new PowerFileSystem(disk).getPath("/data/store");
    }

    /** Makes a disk with a folder to make a store in. */
    static PowerDisk emptyDisk() {
        PowerDisk disk = new PowerDisk();
        PowerFileSystem fileSystem = new PowerFileSystem(disk);
        try {
            disk.makeFolder(fileSystem.getPath("/data"));
            PowerPath top = fileSystem.getPath("/");
            disk.sync(disk.get(top), top);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return disk;
    }

    /** Notes that the processes of before are gone: a run that they wrote is resumed before it goes on. */
    Machine afterCrash() {
        crashed = true;
        return this;
    }

    boolean crashed() {
        return crashed;
    }

    PowerDisk disk() {
        return disk;
    }

    Path root() {
        return root;
    }

    /** Returns the store as opened by a process of this number, which is started with the first call. */
    FsBackend process(int number) {
        return processes.computeIfAbsent(number, key -> asProcess(root));
    }

    FsBackend store() {
        return process(1);
    }

    /** Opens a store as if this JVM were another one. */
    private static FsBackend asProcess(Path root) {
        String before = System.getProperty(JVM_PROPERTY);
        byte[] token = new byte[4];
        TOKENS.nextBytes(token);
        System.setProperty(JVM_PROPERTY, HexFormat.of().formatHex(token));
        try {
            return FsBackend.at(root);
        } finally {
            if (before == null) {
                System.clearProperty(JVM_PROPERTY);
            } else {
                System.setProperty(JVM_PROPERTY, before);
            }
        }
    }
}
