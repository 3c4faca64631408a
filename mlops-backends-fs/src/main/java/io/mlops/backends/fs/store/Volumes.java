package io.mlops.backends.fs.store;

import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule that the parts of a store lie on one disk: what is finished takes its name by a rename, which no system does
 * from one disk to another, nor from one mount of a disk to another.
 */
final class Volumes {
    private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;

    private Volumes() {}

    /**
     * Refuses a store of which a part lies on a volume of its own, where it could be written to.
     *
     * @throws RefusedException naming the part
     */
    static void check(Layout layout) throws IOException {
        List<Path> parts = Stream.of(
                        layout.models(),
                        layout.registry(),
                        layout.experiments(),
                        layout.environments(),
                        layout.staging())
                .filter(Files::isDirectory)
                .toList();
        if (parts.isEmpty() || !Files.isWritable(layout.root())) {
            return;
        }
        Object device = device(layout.root());
        List<String> mounts = mounts(layout.root());
        for (Path part : parts) {
            boolean apart = !Objects.equals(device(part), device)
                    || mounts.contains(part.toRealPath().toString());
            if (apart && Files.isWritable(part)) {
                throw new RefusedException(
                        part + " is on another volume than " + layout.root()
                                + ", and nothing can be renamed from one to the other: put all of the store on one volume",
                        null);
            }
        }
    }

    /** Returns the number of the device that a file is on; null where the system has none. */
    private static @Nullable Object device(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.getAttribute(file, "unix:dev")
                : null;
    }

    /** Lists the places at which something is mounted; none where the system does not say. */
    private static List<String> mounts(Path root) {
        if (!root.getFileSystem().equals(FileSystems.getDefault()) || !Files.isReadable(MOUNTS)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(MOUNTS, StandardCharsets.ISO_8859_1)) {
            return lines.map(Volumes::mountPoint).toList();
        } catch (IOException | RuntimeException e) {
            LOG.debug("what is mounted below {} cannot be told", root, e);
            return List.of();
        }
    }

    /** Returns the place of a mount, whose blanks the system writes as octal numbers. */
    static String mountPoint(String line) {
        String[] fields = line.split(" ", MOUNT_POINT + 2);
        return fields.length <= MOUNT_POINT
                ? ""
                : fields[MOUNT_POINT]
                        .replace("\\040", " ")
                        .replace("\\011", "\t")
                        .replace("\\134", "\\");
    }
}
