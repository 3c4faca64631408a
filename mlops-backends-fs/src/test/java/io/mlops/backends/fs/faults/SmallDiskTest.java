package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.fs.ChildJvm;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.backends.fs.quiet.QuietExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests a process whose disk becomes full or read-only, and is freed. */
@NeedsPeer(Peer.MOUNT)
@QuietExtension.Warned
final class SmallDiskTest {
    @TempDir
    private Path folder;

    private Path disk;
    private Path store;
    private Path model;
    private Mount mount;

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
        store = disk.resolve("store");
        model = Files.writeString(folder.resolve("model.bin"), "weights");
        mount = Mount.memory(disk, "size=64k,nr_inodes=100");
    }

    @AfterEach
    void unmount() throws IOException {
        mount.close();
    }

    /** Uses up the space that is left, and frees it when closed. */
    private AutoCloseable fill(int bytesEach) throws IOException {
        List<Path> fillers = new ArrayList<>();
        boolean room = true;
        while (room) {
            Path filler = disk.resolve("filler-" + fillers.size());
            fillers.add(filler);
            try (OutputStream out = Files.newOutputStream(filler)) {
                out.write(new byte[bytesEach]);
            } catch (IOException full) {
                room = false;
            }
        }
        return () -> {
            for (Path filler : fillers) {
                Files.deleteIfExists(filler);
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"size=512k, 512", "nr_inodes=60, 0"})
    void spaceOrNamesAreUsedUp(String size, int bytesEach) throws Exception {
        mount.change("size=1m,nr_inodes=1000," + size);
        try (ChildJvm child = ChildJvm.start(Worker.class, store, model)) {
            new DiskTrouble(store, child)
                    .survive(pid -> fill(bytesEach), "BackendUnavailableException", "No space left on device");
        }
    }

    @Test
    void becomesReadOnly() throws Exception {
        mount.change("size=1m");
        try (ChildJvm child = ChildJvm.start(Worker.class, store, model)) {
            new DiskTrouble(store, child)
                    .survive(pid -> Mount.readOnly(disk), "RefusedException", "read-only file system");
        }
    }

    @Test
    void aBatchThatDoesNotFitIsStoredOnceWhenThereIsRoom() throws Exception {
        try (ChildJvm child = ChildJvm.start(Worker.class, store, model)) {
            DiskTrouble trouble = new DiskTrouble(store, child);
            assertThat(trouble.ask("record 100")).isNotNull();
            assertThat(trouble.ask("flush 30000")).isEqualTo("true");
            assertThat(trouble.ask("record 100000")).isNotNull();
            assertThat(trouble.ask("flush 2000")).isEqualTo("false");
            assertThat(trouble.ask("delivery")).contains("lost 0");

            mount.change("size=16m");

            assertThat(trouble.ask("flush 30000")).isEqualTo("true");
            assertThat(trouble.ask("delivery")).isEqualTo("pending 0 lost 0 not durable 0");
            assertThat(trouble.ask("points")).isEqualTo("100100");
        }
    }
}
