package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is found while another process moves it into the trash or out of it, at whatever moment of the search. */
final class MovedRunTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RunId ID = new RunId("run-1");

    @TempDir
    private Path folder;

    /** A disk that lets another process do something just before a folder is listed or a file is read. */
    private static final class Interrupted extends Disk {
        private @Nullable String at;
        private Runnable what = () -> {};

        void before(String end, Runnable action) {
            at = end;
            what = action;
        }

        private void look(Path path) {
            if (at != null && path.toString().endsWith(at)) {
                at = null;
                what.run();
            }
        }

        @Override
        public List<String> names(Path list) throws IOException {
            look(list);
            return super.names(list);
        }

        @Override
        public byte[] read(Path file) throws IOException {
            look(file);
            return super.read(file);
        }
    }

    private static void change(FsBackend store, RunChange change) {
        store.runs().change(ID, List.of(change));
    }

    private FsBackend open(Disk disk) {
        return FsBackend.at(folder.resolve("store"), disk);
    }

    private FsBackend made() {
        FsBackend store = open(new Disk());
        store.runs().create(new RunDraft(ID, "churn", "a run", NOON, null, Map.of()));
        change(store, new RunChange.Ended(new RunOutcome.Finished(), NOON));
        return store;
    }

    @Test
    void aRunIsFoundThatIsRestoredBetweenTheLooks() {
        try (FsBackend other = made()) {
            for (String moment : List.of(".trash/runs", "experiments")) {
                change(other, new RunChange.Deleted(NOON));
                Interrupted disk = new Interrupted();
                try (FsBackend store = open(disk)) {
                    disk.before(moment, () -> change(other, new RunChange.Restored()));

                    assertThat(store.runs().find(ID)).as(moment).isPresent();
                    assertThat(store.runs()
                                    .create(new RunDraft(ID, "churn", "anew", NOON, null, Map.of()))
                                    .name())
                            .isEqualTo("a run");
                }
            }
        }
    }

    @Test
    void aRunIsFoundThatIsDeletedWhileItIsRead() {
        try (FsBackend other = made()) {
            Interrupted disk = new Interrupted();
            try (FsBackend store = open(disk)) {
                disk.before("run-1/run.json", () -> change(other, new RunChange.Deleted(NOON)));

                assertThat(store.runs().find(ID)).isPresent();
                disk.before("run-1/run.json", () -> change(other, new RunChange.Restored()));
                assertThat(store.runs().environment(ID)).isEmpty();
                disk.before("run-1/run.json", () -> change(other, new RunChange.Deleted(NOON)));
                assertThat(store.runs()
                                .create(new RunDraft(ID, "churn", "anew", NOON, null, Map.of()))
                                .deleted())
                        .isTrue();
            }
        }
    }

    @Test
    void anExperimentIsFoundThatIsDeletedOrRestoredMeanwhile() {
        try (FsBackend other = made()) {
            Interrupted disk = new Interrupted();
            try (FsBackend store = open(disk)) {
                disk.before(
                        "churn/experiment.json",
                        () -> other.experiments().change("churn", new ExperimentChange.Deleted(), NOON));
                assertThat(store.experiments().find("churn")).isPresent();
            }
            try (FsBackend store = open(disk)) {
                disk.before(
                        "churn/experiment.json",
                        () -> other.experiments().change("churn", new ExperimentChange.Restored(), NOON));
                assertThat(store.experiments().find("churn")).isPresent();
                assertThat(store.runs().find(ID)).isPresent();
            }
        }
    }
}
