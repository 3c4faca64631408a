package io.mlops.api.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is no file is refused before it is opened, and a file is as long as it was when it was named. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FileContentTest {
    @TempDir
    private Path folder;

    private Path pipe(String name) throws Exception {
        Path pipe = folder.resolve(name);
        try {
            Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
            assumeTrue(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0, "no pipe can be made here");
        } catch (IOException e) {
            assumeTrue(false, "no pipe can be made here");
        }
        return pipe;
    }

    @Test
    void aPipeIsRefusedInsteadOfWaitedFor() throws Exception {
        Path pipe = pipe("pipe");

        assertThatThrownBy(() -> Content.of(pipe))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll(pipe.toString(), "pipe", "stream");
    }

    @Test
    void aPipeInPlaceOfAFileThatWasNamedIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Content content = Content.of(file);
        Files.delete(file);
        Path unused = pipe("file");

        assertThatThrownBy(content::open).isInstanceOf(RefusedException.class).hasMessageContaining(file.toString());
    }

    @Test
    void aFolderAndNothingAreToldApart() {
        assertThatThrownBy(() -> Content.of(folder))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("folder");
        assertThatThrownBy(() -> Content.of(folder.resolve("gone"))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aFileOfTheKernelIsNotTakenForAnEmptyOne() {
        Path ofTheKernel = Path.of("/proc/self/status");
        assumeTrue(Files.exists(ofTheKernel));

        assertThatThrownBy(() -> Content.of(ofTheKernel))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("0 bytes", "stream");
    }

    @Test
    void anEmptyFileIsOneThoughItGrows() throws IOException {
        Path file = Files.createFile(folder.resolve("empty"));
        Content content = Content.of(file);
        Files.writeString(file, "more");

        assertThat(content.bytes()).isZero();
        try (InputStream in = content.open()) {
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.skip(3)).isZero();
        }
    }
}
