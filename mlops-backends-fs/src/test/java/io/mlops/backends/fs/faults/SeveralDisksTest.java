package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.backends.fs.FsBackend;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.backends.fs.quiet.QuietExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a store of which parts lie on other disks, with mounts of the system. */
@NeedsPeer(Peer.MOUNT)
final class SeveralDisksTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path folder;

    private static void make(Path root, String... runs) {
        try (FsBackend store = FsBackend.at(root)) {
            for (String run : runs) {
                RunId id = new RunId(run);
                store.runs().create(new RunDraft(id, "churn", run, NOON, null, Map.of()));
                store.runs().change(id, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void modelsOnAVolumeOfTheirOwnAreRefusedWithTheReason(boolean sameDisk) throws Exception {
        Path root = folder.resolve("my store");
        make(root, "run-1");
        Path models = Files.createDirectories(root.resolve("models"));
        Path other = Files.createDirectories(folder.resolve("volume"));

        try (Mount mount = sameDisk ? Mount.bind(other, models) : Mount.memory(models, "size=1m")) {
            assertThat(mount).isNotNull();
            assertThatThrownBy(() -> FsBackend.at(root))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(models.toString(), "another volume");
        }
        FsBackend.at(root).close();
    }

    @Test
    @QuietExtension.Warned
    void aStoreThatCameWithAnImageDeletesRestoresAndPurges() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        try (Mount memory = Mount.memory(disk, "size=16m")) {
            assertThat(memory).isNotNull();
            Path lower = Files.createDirectories(disk.resolve("lower"));
            make(lower.resolve("store"), "run-1", "run-2", "run-3");
            try (FsBackend store = FsBackend.at(lower.resolve("store"))) {
                delete(store, "run-3");
            }
            Path image = Files.createDirectories(folder.resolve("image"));
            try (Mount overlay = Mount.overlay(
                            lower,
                            Files.createDirectories(disk.resolve("upper")),
                            Files.createDirectories(disk.resolve("work")),
                            image);
                    FsBackend store = FsBackend.at(image.resolve("store"))) {
                assertThat(overlay).isNotNull();
                delete(store, "run-1");
                delete(store, "run-2");
                for (String run : List.of("run-1", "run-3")) {
                    store.runs().change(new RunId(run), List.of(new RunChange.Restored()));
                }

                assertThat(store.experiments()
                                .purge(NOON.plusSeconds(1))
                                .removed()
                                .runs())
                        .isEqualTo(1);
                assertThat(store.runs()
                                .search(RunQuery.of(), PageRequest.first(9))
                                .items())
                        .extracting(run -> run.id().value())
                        .containsExactlyInAnyOrder("run-1", "run-3");
            }
        }
    }

    private static void delete(FsBackend store, String run) {
        store.runs().change(new RunId(run), List.of(new RunChange.Deleted(NOON)));
    }
}
