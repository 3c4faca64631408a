package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RefusedException;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what programs do with the artifacts of runs and the files of versions. */
abstract class ArtifactsContract extends ProgramSuite {
    @TempDir
    private Path folder;

    @Test
    void allAreListedAndCopiedWithoutNamingAFolder() throws IOException {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            run.artifacts().putText("plots/roc.svg", "<svg/>");
            run.artifacts().putText("notes.txt", "hello");

            for (Artifacts artifacts :
                    new Artifacts[] {run.artifacts(), tracker().artifacts(run.id())}) {
                assertThat(artifacts.list().stream().map(entry -> entry.path().value()))
                        .containsExactly("notes.txt", "plots/roc.svg");
                Path copy = Files.createTempDirectory(folder, "copy").resolve("new");
                assertThat(artifacts.download(copy)).isEqualTo(copy);
                assertThat(copy.resolve("plots/roc.svg")).hasContent("<svg/>");
                assertThat(copy.resolve("notes.txt")).hasContent("hello");
            }
        }
        try (Run empty = tracker().start(RunSpec.of("churn"))) {
            assertThat(empty.artifacts().list()).isEmpty();
            assertThatThrownBy(() -> empty.artifacts().download(folder.resolve("none")))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining(empty.id().value());
        }
    }

    /** A listener that changes a file with the first word it hears, when the file was named and not yet read. */
    private static Progress first(Path file, String text, StandardOpenOption how) {
        boolean[] done = new boolean[1];
        return (what, read, total) -> {
            if (!done[0]) {
                done[0] = true;
                try {
                    Files.writeString(file, text, how);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @Test
    void aFileThatGrowsWhileItIsStoredIsStoredAsLongAsItWas() throws IOException {
        Path logs = Files.createDirectory(folder.resolve("logs"));
        Path log = Files.writeString(logs.resolve("train.log"), "epoch 1\n");
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            Progress append = first(log, "epoch 2\n", StandardOpenOption.APPEND);
            run.artifacts().progress(append).put("one.log", log);
            Progress appendAgain = first(log, "epoch 3\n", StandardOpenOption.APPEND);
            run.artifacts().progress(appendAgain).put("all", logs);

            Path copy = run.artifacts().download(folder.resolve("copy"));
            assertThat(copy.resolve("one.log")).hasContent("epoch 1\n");
            assertThat(copy.resolve("all/train.log")).hasContent("epoch 1\nepoch 2\n");
            assertThat(log).hasContent("epoch 1\nepoch 2\nepoch 3\n");
        }
    }

    @Test
    void aFileThatGrowsWhileItIsRegisteredIsRegisteredAsLongAsItWas() throws IOException {
        Path model = Files.writeString(folder.resolve("model.txt"), "weights");
        ModelVersion version = registry()
                .progress(first(model, " and more", StandardOpenOption.APPEND))
                .register(ModelSpec.of("churn", model));

        Path copy = registry().files(version.id()).download("model.txt", folder.resolve("copy"));

        assertThat(copy).hasContent("weights");
        assertThat(model).hasContent("weights and more");
    }

    @Test
    void aRunThatHasEndedReadsNoLongStreamToItsEnd() {
        Run run = tracker().start(RunSpec.of("churn"));
        run.complete();
        long[] left = {1L << 30};
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return left[0]-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] target, int from, int length) {
                int read = (int) Math.min(length, left[0]);
                left[0] -= read;
                return read == 0 ? -1 : read;
            }
        };

        assertThatThrownBy(() -> run.artifacts().put("log.txt", endless)).isInstanceOf(IllegalStateException.class);
        assertThat(left[0]).isGreaterThan(1L << 29);
    }

    @Test
    void aFileThatShrinksWhileItIsStoredOrRegisteredIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("model.txt"), "weights");
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            assertThatThrownBy(() -> run.artifacts()
                            .progress(first(file, "w", StandardOpenOption.TRUNCATE_EXISTING))
                            .put("model", file))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("model.txt", "shorter");
            assertThat(run.artifacts().list()).isEmpty();
        }
        Files.writeString(file, "weights");
        assertThatThrownBy(() -> registry()
                        .progress(first(file, "w", StandardOpenOption.TRUNCATE_EXISTING))
                        .register(ModelSpec.of("churn", file)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("model.txt", "shorter");
        assertThat(registry().findModel("churn")).isEmpty();
    }
}
