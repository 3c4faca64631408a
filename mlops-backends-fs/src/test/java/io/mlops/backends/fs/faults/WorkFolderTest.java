package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.FsBackend;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder for private copies in which something is wrong: whoever needs it hears what, and which setting helps. */
@NeedsPeer(Peer.MOUNT)
final class WorkFolderTest {
    private static final int LONG_STREAM = 3 << 20;

    @TempDir
    private Path folder;

    private Path work;
    private FsBackend backend;

    @BeforeEach
    void register() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        backend = FsBackend.at(folder.resolve("store"));
        try (Mlops mlops = Mlops.using(backend)) {
            mlops.registry()
                    .register(ModelSpec.of("big", Files.write(folder.resolve("big.bin"), new byte[LONG_STREAM])));
            // A library of the system itself, which any JDK has.
            Path library = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("verify"));
            mlops.registry().register(ModelSpec.of("code", Files.copy(library, folder.resolve("code.so"))));
        }
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private Mlops open() {
        return Mlops.using(backend, MlopsConfig.standard().workFolder(work));
    }

    private void putLongStream(InputStream stream) {
        try (Mlops mlops = open();
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.artifacts().put("long.bin", stream);
        }
    }

    private void load(String version) {
        try (Mlops mlops = open();
                ModelHandle<Path> handle = mlops.serving().load(version, files -> files.folder())) {
            assertThat(handle.<Path, RuntimeException>call(path -> path)).exists();
        }
    }

    private static InputStream longStream() {
        return new ByteArrayInputStream(new byte[LONG_STREAM]);
    }

    private void assertBothTold(Class<? extends MlopsException> kind, String... words) {
        assertThatThrownBy(() -> putLongStream(longStream()))
                .isInstanceOf(kind)
                .hasMessageContainingAll("workFolder", work.toString())
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("cannot be read");
        assertThatThrownBy(() -> load("big/1"))
                .isInstanceOf(kind)
                .hasMessageContainingAll("workFolder", work.toString())
                .hasMessageContainingAll(words);
    }

    @Test
    void oneThatIsFullIsTold() throws IOException {
        Mount mount = Mount.memory(work, "size=2m");
        try (mount) {
            assertBothTold(BackendUnavailableException.class, "No space left on device");
            assertThat(work).isDirectoryNotContaining("glob:**mlops-artifact-*");
        }
        putLongStream(longStream());
        load("big/1");
    }

    @Test
    void oneThatMayNotBeWrittenIsTold() throws IOException {
        Mount mount = Mount.readOnly(work);
        try (mount) {
            assertBothTold(RefusedException.class, "read-only");
        }
    }

    @Test
    void oneThatIsNoneIsTold() throws IOException {
        work = Files.createFile(folder.resolve("file")).resolve("below");

        assertBothTold(RefusedException.class, "Not a directory");
    }

    @Test
    void oneFromWhichNoCodeMayBeLoadedIsTold() throws IOException {
        Mount mount = Mount.memory(work, "noexec");
        try (mount;
                Mlops mlops = open()) {
            assertThatThrownBy(() -> mlops.serving().load("code/1", files -> {
                        System.load(files.path("code.so").toString());
                        return "loaded";
                    }))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("noexec", "workFolder", "code/1")
                    .hasCauseInstanceOf(UnsatisfiedLinkError.class);
        }
    }

    @Test
    void aLibraryThatIsMissingIsNotTheFoldersFault() {
        try (Mlops mlops = open()) {
            assertThatThrownBy(() -> mlops.serving().load("code/1", files -> {
                        System.load(files.folder().resolve("no.so").toString());
                        return "loaded";
                    }))
                    .isInstanceOf(UnsatisfiedLinkError.class);
        }
    }

    @Test
    void aStreamThatFailsIsNotTheFoldersFault() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();

        assertThatThrownBy(() -> putLongStream(new SequenceInputStream(longStream(), closed)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("cannot be read", "Stream closed");
    }
}
