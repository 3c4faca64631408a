package io.mlops.backends.fs.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A foreign program that is run to its end, and what it printed. */
final class Program {
    private static final long LONGEST_SECONDS = 300;

    private Program() {}

    /** Runs a script of {@code src/test/resources/peers} in the Python of the peers. */
    static String python(String script, Object... arguments)
            throws IOException, InterruptedException, URISyntaxException {
        URL resource = Program.class.getResource("/peers/" + script);
        assertThat(resource).as("test resource peers/%s", script).isNotNull();
        List<String> command =
                new ArrayList<>(List.of(Peer.python(), Path.of(resource.toURI()).toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder program = new ProcessBuilder(command);
        // Some images set it; a Python that loads a model leaves compiled code behind by default.
        program.environment().remove("PYTHONDONTWRITEBYTECODE");
        return run(program);
    }

    /** Runs a line of shell in a folder. */
    static String shell(Path folder, String line) throws IOException, InterruptedException {
        return run(new ProcessBuilder("sh", "-c", line).directory(folder.toFile()));
    }

    private static String run(ProcessBuilder program) throws IOException, InterruptedException {
        Path output = Files.createTempFile("program", ".out");
        Path errors = Files.createTempFile("program", ".err");
        Process process = program.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
                    .as("%s has ended", program.command())
                    .isTrue();
            assertThat(process.exitValue())
                    .as("%s said: %s", program.command(), Files.readString(errors))
                    .isZero();
            return Files.readString(output).strip();
        } finally {
            process.destroyForcibly();
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
