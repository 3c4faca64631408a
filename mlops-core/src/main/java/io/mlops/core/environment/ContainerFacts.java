package io.mlops.core.environment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the image that a container was made from, where its runtime shows that. The id of the container itself tells
 * nothing that could be reproduced and is left alone.
 */
final class ContainerFacts {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern IMAGE = Pattern.compile("(?m)^image=\"([\\w./:@-]{1,300})\"$");
    private static final Pattern IMAGE_ID = Pattern.compile("(?m)^imageid=\"([0-9a-f]{64})\"$");
    private static final Pattern GROUP =
            Pattern.compile("/docker/|/docker-|kubepods|/crio-|cri-containerd|/libpod-|/lxc/");
    /**
     * Mounts over the names of this machine, as containers have them. A host shows the mounts of its containers, too,
     * but nothing is mounted over its own names.
     */
    private static final Pattern OWN_NAMES = Pattern.compile("(?m)^\\S+ \\S+ \\S+ \\S+ /etc/host(?:s|name) ");

    private final Path root;

    /** Looks in the file system below this root. */
    ContainerFacts(Path root) {
        this.root = root;
    }

    void add(FoundEnvironment environment) {
        String podman = read("run/.containerenv");
        String image = group(IMAGE, podman);
        String id = group(IMAGE_ID, podman);
        environment.fact("container.image", image);
        if (!id.isEmpty()) {
            environment.fact("container.image.id", "sha256:" + id);
        } else if (inContainer()) {
            environment.missing("container.image", "the container's runtime does not show the digest of its image");
        }
    }

    private boolean inContainer() {
        return Files.exists(root.resolve("run/.containerenv"))
                || Files.exists(root.resolve(".dockerenv"))
                || GROUP.matcher(read("proc/self/cgroup")).find()
                || OWN_NAMES.matcher(read("proc/self/mountinfo")).find();
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Reads a file, empty if it cannot be read; the files of the kernel have no size before they are read. */
    private String read(String path) {
        Path file = root.resolve(path);
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
