package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person at a terminal sees of long operations, and what a log file does not. */
final class ConsoleBarTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatTakesLongShowsABarThatGoesAway() {
        Progress bar = new ConsoleBar(out);
        bar.at("load churn/7", 0, 40_000_000);
        bar.at("load churn/7", 10_000_000, 40_000_000);
        bar.at("load churn/7", 30_000_000, 40_000_000);
        bar.at("load churn/7", 40_000_000, 40_000_000);

        assertThat(text()).contains("load churn/7", "/40 MB");
        // The last thing is the line, emptied.
        assertThat(text().substring(text().lastIndexOf('\r'))).isBlank();
    }

    @Test
    void whatIsDoneAtOnceShowsNothing() {
        Progress bar = new ConsoleBar(out);
        bar.at("load churn/7", 0, 1000);
        bar.at("load churn/7", 1000, 1000);

        assertThat(text()).isEmpty();
    }

    @Test
    void withoutATerminalNothingIsShown() {
        Progress bar = ConsoleBar.on(out);
        bar.at("load churn/7", 0, 40_000_000);
        bar.at("load churn/7", 10_000_000, 40_000_000);
        bar.at("load churn/7", 40_000_000, 40_000_000);

        assertThat(text()).isEmpty();
        assertThat(ConsoleBar.isTerminal(null)).isFalse();
    }

    @Test
    void aModelIsRegisteredAndLoaded(@TempDir Path folder) throws Exception {
        Path model = Files.write(folder.resolve("model.onnx"), new byte[3_000_000]);
        String store = "file:" + folder.resolve("store");

        assertThat(RegisterModel.run(new String[] {store, "churn", model.toString()}, out, out))
                .isZero();
        assertThat(text().lines()).containsExactly("churn/1 registered", "churn/1 loaded, every byte verified");
        assertThat(RegisterModel.run(new String[] {store, "churn", "none"}, out, out))
                .isEqualTo(1);
        assertThat(RegisterModel.run(new String[] {}, out, out)).isEqualTo(2);
    }
}
