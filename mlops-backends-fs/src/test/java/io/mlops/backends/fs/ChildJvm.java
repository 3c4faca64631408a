package io.mlops.backends.fs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program of its own, that a test can talk to, stop and kill. */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final PrintStream input;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Starts the main method of a class with the JVM and class path of the tests. */
    public static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), main, arguments);
    }

    /** Starts it with a heap of so many megabytes. */
    static ChildJvm startWithHeap(int megabytes, Class<?> main, Object... arguments) throws IOException {
        return start(List.of(), megabytes, System.getProperty("java.class.path"), main, arguments);
    }

    /** Starts it with another Java runtime, with options of its own. */
    static ChildJvm startOn(String javaHome, List<String> options, Class<?> main, Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(javaHome, "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), main.getName()));
        return start(command, arguments);
    }

    /** Starts it by way of another command, such as {@code setpriv}. */
    public static ChildJvm start(List<String> prefix, String classPath, Class<?> main, Object... arguments)
            throws IOException {
        return start(prefix, 256, classPath, main, arguments);
    }

    private static ChildJvm start(
            List<String> prefix, int megabytes, String classPath, Class<?> main, Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + megabytes + "m",
                "-Dmlops.faults=" + Integer.getInteger("mlops.faults", 1),
                "-XX:+UseSerialGC",
                // Files of the JVM itself would be counted among the store's.
                "-XX:-UsePerfData",
                "-cp",
                classPath,
                main.getName()));
        return start(command, arguments);
    }

    private static ChildJvm start(List<String> command, Object... arguments) throws IOException {
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ChildJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line that the child prints; null if it has ended. */
    public @Nullable String line() throws IOException {
        return output.readLine();
    }

    /** Reads lines up to this one. */
    public void awaitLine(String expected) throws IOException {
        String line = line();
        while (line != null && !line.equals(expected)) {
            line = line();
        }
        if (line == null) {
            throw new AssertionError("the child ended before it printed " + expected);
        }
    }

    /** Every line until the child ends. */
    public List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            lines.add(line);
        }
        return lines;
    }

    public void tell(String line) {
        input.println(line);
    }

    /** Says that there is nothing more to say. */
    public void endInput() {
        input.close();
    }

    /** kill -9; what the child printed before can still be read. */
    public void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    /** kill -STOP, or -CONT. */
    public void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + " ended with " + exit);
        }
    }

    public long pid() {
        return process.pid();
    }

    public int exit() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        kill();
    }
}
