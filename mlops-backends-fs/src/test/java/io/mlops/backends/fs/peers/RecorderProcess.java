package io.mlops.backends.fs.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** A second JVM that records a run by {@link RecorderMain}. */
final class RecorderProcess implements AutoCloseable {
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;

    /** Starts a process that begins the run of this id, or goes on with it. */
    RecorderProcess(Path store, String experiment, RunId run) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                RecorderMain.class.getName(),
                store.toString(),
                experiment,
                run.value());
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8), true);
        answers = process.inputReader(UTF_8);
    }

    /** Records a point at each of these steps, whose value is the step, and returns when all are durable. */
    void record(String key, long from, long to, long by) throws IOException {
        commands.println("record " + key + " " + from + " " + to + " " + by);
        assertThat(answers.readLine()).isEqualTo("durable " + to);
    }

    /** Lets it record at the key's next step again and again, until it is killed. */
    void recordForEver(String key) {
        commands.println("forever " + key);
    }

    /** Waits for the next step that becomes durable. */
    long awaitDurable() throws IOException {
        String answer = answers.readLine();
        assertThat(answer).startsWith("durable ");
        return Long.parseLong(answer.substring("durable ".length()));
    }

    /** Completes the run and waits for the process to end. */
    void complete() throws IOException, InterruptedException {
        commands.println("complete");
        assertThat(answers.readLine()).isEqualTo("complete");
        assertThat(process.waitFor()).isZero();
    }

    /** Kills the process with SIGKILL and waits for its end. */
    void kill() throws InterruptedException {
        assertThat(process.isAlive()).as("it runs until it is killed").isTrue();
        int unused = process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        Process unused = process.destroyForcibly();
    }
}
