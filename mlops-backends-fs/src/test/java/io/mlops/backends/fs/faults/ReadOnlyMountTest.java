package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.registry.VerifiedFiles;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.backends.fs.FsBackend;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a store on a disk that is mounted read-only. */
@NeedsPeer(Peer.MOUNT)
final class ReadOnlyMountTest {
    @TempDir
    private Path folder;

    private static Map<Path, FileTime> tree(Path store) throws IOException {
        Map<Path, FileTime> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(store)) {
            for (Path path : all.toList()) {
                tree.put(path, Files.getLastModifiedTime(path));
            }
        }
        return tree;
    }

    @Test
    void opensListsLoadsAndLeavesNoTrace() throws Exception {
        Path store = folder.resolve("store");
        try (FsBackend backend = FsBackend.at(store)) {
            StepJob job = new StepJob(backend);
            for (StepJob.Step step : StepJob.Step.values()) {
                job.run(step);
            }
        }
        Map<Path, FileTime> before = tree(store);

        try (Mount readOnly = Mount.readOnly(store);
                Mlops mlops = Mlops.open("file:" + store)) {
            assertThat(readOnly).isNotNull();
            assertThat(mlops.tracker().search(RunQuery.of()).stream().map(RunInfo::id))
                    .containsExactly(StepJob.RUN);
            assertThat(mlops.tracker().history(StepJob.RUN, "n").stream()).hasSize(2 * StepJob.POINTS);
            assertThat(text(mlops, StepJob.RUN)).isEqualTo("two");
            assertThat(mlops.registry().versions("churn").stream().map(ModelVersion::number))
                    .containsExactly(2, 1);
            try (ModelHandle<VerifiedFiles> handle = mlops.serving().load("churn@champion", files -> files)) {
                assertThat(handle.version().number()).isEqualTo(2);
            }
            assertThatThrownBy(() -> mlops.tracker().experiments().ensure("other"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("other", store.toString(), "read-only file system");
            try (FsBackend backend = FsBackend.at(store)) {
                assertThatThrownBy(() -> backend.artifacts()
                                .put(StepJob.RUN, Map.of(RelativePath.of("a.txt"), Content.text("new"))))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContainingAll(store.toString(), "read-only file system");
            }
        }

        assertThat(tree(store)).isEqualTo(before);
    }

    private static String text(Mlops mlops, RunId run) throws IOException {
        try (InputStream in = mlops.tracker().artifacts(run).open("a.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
