package io.mlops.core.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.tracker.RunEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerFactsTest {
    private static final String ID = "ab".repeat(32);

    @TempDir
    private Path root;

    private RunEnvironment found() {
        FoundEnvironment environment = new FoundEnvironment();
        new ContainerFacts(root).add(environment);
        return environment.result();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void podmanShowsTheImage() throws IOException {
        write(
                "run/.containerenv",
                "engine=\"podman-4.3.1\"\nname=\"anna\"\nid=\"" + "cd".repeat(32)
                        + "\"\nimage=\"docker.io/library/eclipse-temurin:17\"\nimageid=\"" + ID + "\"\nrootless=1\n");

        assertThat(found().facts())
                .containsOnlyKeys("container.image", "container.image.id")
                .containsEntry("container.image", "docker.io/library/eclipse-temurin:17")
                .containsEntry("container.image.id", "sha256:" + ID);
        assertThat(found().missing()).isEmpty();
    }

    @Test
    void theIdOfAContainerIsNotTakenForThatOfItsImage() throws IOException {
        write("proc/self/cgroup", "12:cpu:/docker/" + ID + "\n");

        assertThat(found().facts()).isEmpty();
        assertThat(found().missing()).containsOnlyKeys("container.image");
    }

    @Test
    void containersAreRecognisedByWhatLiesOverTheirNames() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write(
                "proc/self/mountinfo",
                "612 598 254:1 /var/lib/docker/containers/" + ID
                        + "/hosts /etc/hosts rw,relatime - ext4 /dev/vda1 rw\n");

        assertThat(found().missing()).containsOnlyKeys("container.image");
    }

    @Test
    void aHostOfContainersIsNone() throws IOException {
        write("proc/self/cgroup", "0::/user.slice/user-1000.slice/session-1.scope\n");
        write(
                "proc/self/mountinfo",
                "612 29 0:52 / /var/lib/docker/containers/" + ID + "/mounts/shm rw - tmpfs shm rw\n");

        assertThat(found().facts()).isEmpty();
        assertThat(found().missing()).isEmpty();
    }

    @Test
    void whatIsNoImageIsNotRecorded() throws IOException {
        write("run/.containerenv", "image=\"a b; rm -rf\"\nimageid=\"" + ID.substring(1) + "\"\n");

        assertThat(found().facts()).isEmpty();
        assertThat(found().missing()).containsOnlyKeys("container.image");
    }
}
