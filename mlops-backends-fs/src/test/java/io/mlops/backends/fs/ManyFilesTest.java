package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.store.Layout;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of many files: what a list of them costs is paid once, not for each file. */
final class ManyFilesTest {
    private static final int FILES = 50;

    @TempDir
    private Path folder;

    private final AtomicInteger reads = new AtomicInteger();
    private FsBackend backend;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectory(folder.resolve("many"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(folder.resolve("many/" + i), "file " + i);
        }
        backend = FsBackend.at(folder.resolve("store"), new Disk() {
            @Override
            public byte[] read(Path file) throws IOException {
                if (file.endsWith(Layout.VERSION) || file.endsWith(Layout.ARTIFACT_LIST)) {
                    reads.incrementAndGet();
                }
                return super.read(file);
            }
        });
    }

    /** What was written just now may be replaced without a trace in its times. */
    private void age() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
        reads.set(0);
    }

    @Test
    void theManifestIsReadOnceForAllFilesOfAModel() throws IOException {
        try (Mlops mlops = Mlops.using(backend)) {
            assertThat(mlops.registry()
                            .register(ModelSpec.of("m", folder.resolve("many")))
                            .number())
                    .isEqualTo(1);
            age();

            mlops.serving().load("m/1", files -> files).close();

            assertThat(reads).hasValueLessThanOrEqualTo(1);
        }
    }

    @Test
    void theListIsReadOnceForAllFilesOfAFolder() throws IOException {
        try (Mlops mlops = Mlops.using(backend);
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.artifacts().put("many", folder.resolve("many"));
            age();

            Path copy = run.artifacts().download("many", folder.resolve("copy"));

            assertThat(copy.resolve("49")).hasContent("file 49");
            assertThat(reads).hasValue(1);
        }
    }
}
