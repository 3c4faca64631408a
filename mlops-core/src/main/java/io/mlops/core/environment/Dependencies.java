package io.mlops.core.environment;

import io.mlops.api.common.Digest;
import io.mlops.api.spi.DigestingStream;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import io.mlops.core.environment.JarContents.Coordinates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds what lies on a class path to an environment, with digests. The bound on bytes keeps it to seconds. Not
 * thread-safe.
 */
final class Dependencies {
    private static final int MAX_ENTRIES = 10_000;
    /**
     * Bytes that are digested: half a second for a core with instructions for SHA-256, eight where Java has to do all
     * of it.
     */
    private static final long MAX_BYTES = 1L << 30;
    /** Bytes of a jar inside another that is looked into; a larger one is digested alone. */
    private static final int MAX_NESTED_BYTES = 16 << 20;

    /** The file that jlink puts all modules into. */
    private static final String IMAGE = "modules";

    private static final String TOO_MUCH = "there is too much to digest";

    private final FoundEnvironment environment;
    private final Set<Path> seen = new HashSet<>();
    private final ByteBudget budget = new ByteBudget(MAX_BYTES);

    Dependencies(FoundEnvironment environment) {
        this.environment = environment;
    }

    /** Adds these entries, and those that the manifests of jars among them name. */
    void add(List<Path> entries) {
        ArrayDeque<Path> open = new ArrayDeque<>(entries);
        while (!open.isEmpty() && !Thread.currentThread().isInterrupted()) {
            Path path = open.removeFirst();
            if (!seen.add(path)) {
                continue;
            }
            if (isFull()) {
                return;
            }
            if (Files.isDirectory(path)) {
                addFolder(path);
            } else if (Files.isRegularFile(path)) {
                addJar(path).forEach(open::addLast);
            }
        }
    }

    private boolean isFull() {
        boolean full = environment.dependencies() >= MAX_ENTRIES;
        if (full) {
            environment.missing("dependencies", "there are more than " + MAX_ENTRIES);
        }
        return full;
    }

    /** Adds modules that jlink took apart: each is digested as a folder of classes, which it is in its image. */
    void addModules(List<ResolvedModule> modules) {
        for (ResolvedModule module : modules) {
            if (isFull()) {
                return;
            }
            String version = module.reference().descriptor().rawVersion().orElse(null);
            Digest digest = null;
            try {
                Path folder = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module.name());
                digest = FolderDigest.of(folder.toRealPath(), budget);
            } catch (IOException e) {
                noDigest(module.name(), e);
            }
            environment.add(new Dependency(module.name(), version, digest, module.name(), IMAGE));
        }
    }

    private void addFolder(Path folder) {
        String name = FileNames.of(folder);
        Digest digest = null;
        try {
            if (holdsWorkingFolder(folder)) {
                environment.missing("digest of " + name, "the program works in it, and may hold locks on its files");
                environment.add(new Dependency(name, null, null, name, null));
                return;
            }
            digest = FolderDigest.of(folder.toRealPath(), budget);
            if (digest == null) {
                return;
            }
        } catch (IOException e) {
            noDigest(name, e);
        }
        environment.add(new Dependency(name, null, digest, name, null));
    }

    /**
     * Whether the working folder lies in a folder: there a program keeps its data, too, and to close a file that
     * another part has locked drops its lock.
     */
    private static boolean holdsWorkingFolder(Path folder) throws IOException {
        return Path.of("").toRealPath().startsWith(folder.toRealPath());
    }

    /** Adds a jar, and returns what its manifest adds to the class path. */
    private List<Path> addJar(Path jar) {
        String file = FileNames.of(jar);
        try (FileChannel channel = FileChannel.open(jar)) {
            Digest digest = digestOrNull(file, channel);
            try {
                JarContents contents = new JarContents(ZipBytes.of(channel), budget);
                add(JarIdentity.of(file, contents), digest, file, null);
                addNested(contents, file);
                return ManifestPath.of(jar, contents.manifest());
            } catch (IOException e) {
                add(JarIdentity.of(file), digest, file, null);
                environment.missing("dependencies in " + file, "it " + e.getMessage());
            }
        } catch (IOException e) {
            add(JarIdentity.of(file), null, file, null);
            noDigest(file, e);
        }
        return List.of();
    }

    private void addNested(JarContents contents, String within) {
        for (ZipDirectory.Entry entry : contents.nestedJars()) {
            if (isFull()) {
                return;
            }
            String file = FileNames.ofEntry(entry.name());
            JarIdentity identity = JarIdentity.of(file);
            Digest digest = null;
            try (InputStream in = contents.open(entry)) {
                ByteArrayOutputStream copy = entry.size() <= MAX_NESTED_BYTES ? new ByteArrayOutputStream() : null;
                digest = digest(in, copy);
                identity = copy == null
                        ? identity
                        : JarIdentity.of(file, new JarContents(ZipBytes.of(copy.toByteArray()), budget));
            } catch (IOException e) {
                if (digest == null) {
                    noDigest(file, e);
                } else {
                    environment.missing("dependencies in " + file, "it " + e.getMessage());
                }
            }
            add(identity, digest, file, within);
        }
        if (contents.cutShort()) {
            environment.missing("dependencies in " + within, "there are too many");
        }
    }

    private void add(JarIdentity identity, @Nullable Digest digest, String file, @Nullable String within) {
        environment.add(new Dependency(identity.name(), identity.version(), digest, file, within));
        for (Coordinates merged : identity.merged()) {
            if (isFull()) {
                return;
            }
            String version = merged.version().isEmpty() ? null : merged.version();
            environment.add(new Dependency(merged.name(), version, null, null, file));
        }
    }

    private @Nullable Digest digestOrNull(String file, FileChannel channel) {
        try {
            budget.require(channel.size());
            return digest(Channels.newInputStream(channel), null);
        } catch (IOException e) {
            noDigest(file, e);
            return null;
        }
    }

    /** Digests a stream, and keeps what it read as long as that is not too long. */
    private Digest digest(InputStream in, @Nullable ByteArrayOutputStream copy) throws IOException {
        DigestingStream digesting = new DigestingStream(budget.taking(in));
        byte[] buffer = new byte[1 << 16];
        for (int count = digesting.read(buffer); count >= 0; count = digesting.read(buffer)) {
            if (copy != null && copy.size() + count <= MAX_NESTED_BYTES) {
                copy.write(buffer, 0, count);
            }
        }
        return digesting.digest();
    }

    private void noDigest(String file, IOException why) {
        environment.missing("digest of " + file, why instanceof ByteBudget.Spent ? TOO_MUCH : "it cannot be read");
    }
}
