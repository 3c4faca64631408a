package io.mlops.backends.fs.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that a {@link PowerDisk}, on which other tests rest, keeps what was synced, and nothing else for sure. */
final class PowerDiskTest {
    private final PowerDisk disk = new PowerDisk();
    private final Path root = new PowerFileSystem(disk).getPath("/");

    private static void sync(Path path) throws IOException {
        StandardOpenOption how = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static Path rootOf(PowerDisk some) {
        return new PowerFileSystem(some).getPath("/");
    }

    /** Lists what is found after a power cut, as paths and the text of files. */
    private List<String> after(Survival survival) throws IOException {
        Path found = rootOf(disk.cut(survival));
        List<String> all = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(found)) {
            for (Path path : paths.toList()) {
                if (!Files.isDirectory(path)) {
                    all.add(path + "=" + Files.readString(path));
                }
            }
        }
        return all;
    }

    private Set<String> afterAny() throws IOException {
        Set<String> all = new TreeSet<>();
        for (int seed = 0; seed < 200; seed++) {
            all.add(String.join(" ", after(Survival.of(seed))));
        }
        return all;
    }

    @Test
    void aFileNeedsTwoSyncs() throws IOException {
        Files.writeString(root.resolve("a"), "bytes");
        sync(root.resolve("a"));
        assertThat(after(Survival.NOTHING)).as("its name is not synced").isEmpty();

        sync(root);
        assertThat(after(Survival.NOTHING)).containsExactly("/a=bytes");

        Files.writeString(root.resolve("b"), "bytes");
        sync(root);
        assertThat(after(Survival.NOTHING)).as("its bytes are not synced").containsExactly("/a=bytes", "/b=");
    }

    @Test
    void whatIsNotSyncedSurvivesInAnyPart() throws IOException {
        Files.writeString(root.resolve("a"), "xy");

        assertThat(after(Survival.EVERYTHING)).containsExactly("/a=xy");
        assertThat(after(Survival.NAMES)).containsExactly("/a=");
        assertThat(after(Survival.HALVES)).containsExactly("/a=x");
        assertThat(after(Survival.ZEROS)).containsExactly("/a=\0\0");
        assertThat(afterAny()).contains("", "/a=", "/a=x", "/a=xy");
    }

    @Test
    void aFileThatIsRenamedIsNeverGone() throws IOException {
        Files.createDirectory(root.resolve("one"));
        Files.createDirectory(root.resolve("two"));
        sync(root);
        Files.writeString(root.resolve("one/a"), "x");
        sync(root.resolve("one/a"));
        sync(root.resolve("one"));

        Files.move(root.resolve("one/a"), root.resolve("two/b"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(afterAny()).containsExactly("/one/a=x", "/one/a=x /two/b=x", "/two/b=x");

        sync(root.resolve("two"));
        assertThat(afterAny()).containsExactly("/one/a=x /two/b=x", "/two/b=x");

        sync(root.resolve("one"));
        assertThat(afterAny()).containsExactly("/two/b=x");
    }

    @Test
    void aFileIsReplacedInOneStep() throws IOException {
        Files.writeString(root.resolve("a"), "old");
        Files.writeString(root.resolve("b"), "new");
        sync(root.resolve("a"));
        sync(root.resolve("b"));
        sync(root);

        Files.move(
                root.resolve("b"),
                root.resolve("a"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(afterAny()).containsExactly("/a=new", "/a=old /b=new");
    }

    @Test
    void aFolderHasOneNameAtAnyTime() throws IOException {
        Files.createDirectory(root.resolve("one"));
        Files.createDirectory(root.resolve("two"));
        Files.createDirectory(root.resolve("one/f"));
        Files.writeString(root.resolve("one/f/a"), "x");
        for (String path : List.of("one/f/a", "one/f", "one", "")) {
            sync(root.resolve(path));
        }

        Files.move(root.resolve("one/f"), root.resolve("two/g"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(afterAny()).containsExactly("/one/f/a=x", "/two/g/a=x");
        assertThatThrownBy(() -> {
                    Files.createDirectory(root.resolve("one/f"));
                    Files.move(root.resolve("one/f"), root.resolve("two/g"), StandardCopyOption.ATOMIC_MOVE);
                })
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("not empty");
    }

    @Test
    void aNameBelowAnUnsyncedOneIsLostWithIt() throws IOException {
        Files.createDirectory(root.resolve("one"));
        Files.writeString(root.resolve("one/a"), "x");
        sync(root.resolve("one/a"));
        sync(root.resolve("one"));

        assertThat(after(Survival.NOTHING)).isEmpty();
    }

    @Test
    void whatIsOpenStaysWhereWindowsKeepsIt() throws IOException {
        Files.createDirectory(root.resolve("one"));
        Path file = Files.writeString(root.resolve("one/a"), "x");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            disk.whereOpen(PowerDisk.Open.HOLDS_FOLDERS);
            assertThatThrownBy(
                            () -> Files.move(root.resolve("one"), root.resolve("two"), StandardCopyOption.ATOMIC_MOVE))
                    .isInstanceOf(FileSystemException.class);
            disk.whereOpen(PowerDisk.Open.HOLDS_ALL);
            assertThatThrownBy(() -> Files.delete(file)).isInstanceOf(FileSystemException.class);
            disk.whereOpen(PowerDisk.Open.HOLDS_FOLDERS);
            Files.delete(file);
            assertThat(channel.write(ByteBuffer.allocate(2))).isEqualTo(2);
        }
        Files.move(root.resolve("one"), root.resolve("two"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(Files.exists(root.resolve("two"))).isTrue();
    }
}
