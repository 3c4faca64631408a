package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.fs.ChildJvm;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.backends.fs.quiet.QuietExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a process whose disk refuses to write, to sync or to do anything for a while, or is slow. */
@NeedsPeer(Peer.STRACE)
@QuietExtension.Warned
final class FaultyDiskTest {
    /** The time that each sync takes on a slow disk. */
    private static final long DELAY_MILLIS = 2000;

    @TempDir
    private Path folder;

    private Path store;
    private Path model;

    @BeforeEach
    void makeModel() throws Exception {
        store = folder.resolve("store");
        model = Files.writeString(folder.resolve("model.bin"), "weights");
    }

    private Path eventFile() throws IOException {
        try (Stream<Path> files = Files.list(store.resolve("experiments/churn/job-1"))) {
            return files.filter(file -> file.toString().endsWith(".tfevents"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void survive(DiskTrouble.Fault fault, String exception, String reason) throws Exception {
        try (ChildJvm child = ChildJvm.start(Worker.class, store, model)) {
            new DiskTrouble(store, child).survive(fault, exception, reason);
        }
    }

    @Test
    void noSyncWorks() throws Exception {
        survive(
                pid -> Strace.onto(pid, "error=EIO", Syscall.SYNC),
                "BackendUnavailableException",
                "Input/output error");
    }

    @Test
    void noWriteWorks() throws Exception {
        survive(
                pid -> Strace.onto(pid, "error=EIO", Syscall.WRITE),
                "BackendUnavailableException",
                "Input/output error");
    }

    @Test
    void nothingCanBeChanged() throws Exception {
        survive(
                pid -> Strace.onto(pid, "error=EROFS", Syscall.CHANGES),
                "BackendUnavailableException",
                "Read-only file system");
    }

    @Test
    void noReadWorks() throws Exception {
        try (ChildJvm child = ChildJvm.start(Worker.class, store, model)) {
            DiskTrouble trouble = new DiskTrouble(store, child);
            assertThat(trouble.ask("record 1000")).isNotNull();
            assertThat(trouble.ask("flush 30000")).isEqualTo("true");
            try (Strace broken = Strace.ontoFile(child.pid(), "error=EIO", eventFile(), Syscall.READ)) {
                assertThat(broken).isNotNull();
                assertThat(trouble.ask("points"))
                        .startsWith("failed BackendUnavailableException cannot read the history of 'n' in run job-1: ")
                        .contains(store.toString(), ".tfevents: Input/output error");
            }
            assertThat(trouble.ask("points")).isEqualTo("1000");
        }
    }

    @Test
    void aListingThatBreaksOffIsNotTakenForAll() throws Exception {
        try (ChildJvm child = ChildJvm.start(Worker.class, store, model)) {
            DiskTrouble trouble = new DiskTrouble(store, child);
            assertThat(trouble.ask("register first")).isEqualTo("1");
            assertThat(trouble.ask("move 1")).isEqualTo("ok");
            assertThat(trouble.ask("champion churn")).isEqualTo("1");
            Path moves = store.resolve("registry/churn");
            try (Strace broken = Strace.ontoFile(child.pid(), "error=EIO", moves, Syscall.LIST)) {
                assertThat(broken).isNotNull();
                assertThat(trouble.ask("champion churn"))
                        .startsWith("failed BackendUnavailableException ")
                        .contains(moves + ": Input/output error");
            }
            assertThat(trouble.ask("champion churn")).isEqualTo("1");
        }
    }

    @Test
    void filesMayNotGrow() throws Exception {
        survive(
                pid -> {
                    Command.run("prlimit", "--pid", pid, "--fsize=16:unlimited");
                    return () -> Command.run("prlimit", "--pid", pid, "--fsize=unlimited");
                },
                "BackendUnavailableException",
                "File too large");
    }

    @Test
    void aSlowDiskIsWaitedForOnlyByWhoAsksForIt() throws Exception {
        try (ChildJvm child = ChildJvm.start(Worker.class, store, model)) {
            DiskTrouble trouble = new DiskTrouble(store, child);
            assertThat(trouble.ask("flush 30000")).isEqualTo("true");
            try (Strace slow = Strace.onto(child.pid(), "delay_exit=" + DELAY_MILLIS * 1000, Syscall.SYNC)) {
                assertThat(slow).isNotNull();
                assertThat(trouble.ask("record 50000"))
                        .satisfies(longest -> assertThat(Long.parseLong(longest))
                                .as("milliseconds of the longest call")
                                .isLessThan(DELAY_MILLIS / 2));
                assertThat(trouble.ask("flush 100")).isEqualTo("false");
                assertThat(trouble.ask("flush 30000")).isEqualTo("true");
                assertThat(trouble.ask("record 1000")).isNotNull();
                assertThat(trouble.ask("complete"))
                        .satisfies(millis -> assertThat(Long.parseLong(millis))
                                .as("milliseconds, three syncs")
                                .isBetween(3 * DELAY_MILLIS, 4 * DELAY_MILLIS));
                assertThat(trouble.ask("delivery")).isEqualTo("pending 0 lost 0 not durable 0");
            }
            assertThat(trouble.ask("points")).isEqualTo("51000");
        }
    }
}
