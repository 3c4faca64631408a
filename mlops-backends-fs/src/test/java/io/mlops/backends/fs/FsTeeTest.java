package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import io.mlops.core.Backends;
import io.mlops.core.Mlops;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two folders that one program records to: both have the same, also when it is ended, and they cannot be one. */
final class FsTeeTest {
    private static final RunId ID = new RunId("job-1");

    @TempDir
    private Path folder;

    /** Records into two folders until it is told to end, with room in the buffers: full ones drop what only the other takes. */
    static final class Recording {
        public static void main(String[] args) throws Exception {
            Mlops mlops = Mlops.using(Backends.tee(FsBackend.at(Path.of(args[0])), FsBackend.at(Path.of(args[1]))));
            Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()));
            for (int i = 0; ; i++) {
                run.metric("loss", i);
                if (i == 5000) {
                    System.out.println("recorded");
                }
                if (i % 100 == 0) {
                    LockSupport.parkNanos(100_000);
                }
            }
        }
    }

    @Test
    void sigtermWhileRecordingLeavesTheSameInBoth() throws Exception {
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");
        try (ChildJvm child = ChildJvm.start(Recording.class, one, other)) {
            child.awaitLine("recorded");
            child.signal("TERM");
            assertThat(child.exit()).isEqualTo(143);
        }

        try (Mlops first = Mlops.open("file:" + one);
                Mlops second = Mlops.open("file:" + other)) {
            RunInfo run = first.tracker().get(ID);
            assertThat(run.outcome()).isEqualTo(new RunOutcome.Killed("the program was ended before it"));
            assertThat(second.tracker().get(ID)).isEqualTo(run);
            assertThat(points(first.tracker())).hasSizeGreaterThan(5000).isEqualTo(points(second.tracker()));
        }
    }

    @Test
    void oneFolderIsNoTee() {
        try (FsBackend one = FsBackend.at(folder.resolve("store"));
                FsBackend same = FsBackend.at(folder.resolve("store"))) {
            assertThatThrownBy(() -> Backends.tee(one, same))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("same place");
        }
    }

    private static List<MetricPoint> points(Tracker tracker) {
        return tracker.history(ID, "loss").stream().toList();
    }
}
