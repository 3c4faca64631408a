package io.mlops.backends.fs.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process under strace, which lists, fails or slows down its system calls. Strace counts for each thread and each name
 * of a call by itself: "the third rename" needs a program that does all its work on one thread.
 */
final class Strace implements AutoCloseable {
    private final Process process;

    private Strace(Process process) {
        this.process = process;
    }

    /** Returns the beginning of a command line whose program gets SIGKILL instead of its n-th call of this name. */
    static List<String> kill(String call, int number) {
        return injecting(call, "signal=KILL:when=" + number);
    }

    /** Returns the beginning of a command line whose program's n-th call of this name fails with this error. */
    static List<String> fail(String call, String error, int number) {
        return injecting(call, "error=" + error + ":when=" + number);
    }

    private static List<String> injecting(String call, String what) {
        List<String> command = new ArrayList<>(traced(Path.of("/dev/null"), call));
        command.addAll(List.of("-e", "inject=" + call + ":" + what));
        return command;
    }

    /**
     * Returns the beginning of a command line whose program's calls of these kinds are noted in a file, with the paths
     * of files.
     */
    static List<String> traced(Path trace, String... names) {
        // -D: the program itself is our child, so that it can be killed and its exit is seen.
        return List.of(
                "strace",
                "-D",
                "-f",
                "-qq",
                "-y",
                "-s",
                "200",
                "-o",
                trace.toString(),
                "-e",
                "signal=none",
                "-e",
                "trace=" + String.join(",", names));
    }

    /** Makes these calls of a running process go wrong, from now on until this is closed. */
    static Strace onto(long pid, String fault, Syscall... syscalls) throws IOException {
        return attached(pid, fault, List.of(), syscalls);
    }

    /**
     * Makes a call of a running process go wrong for one file only: a JVM that cannot read its own files does not
     * survive.
     */
    static Strace ontoFile(long pid, String fault, Path file, Syscall syscall) throws IOException {
        return attached(pid, fault, List.of("-P", file.toString()), syscall);
    }

    private static Strace attached(long pid, String fault, List<String> more, Syscall... syscalls) throws IOException {
        String names = String.join(",", Syscall.names(syscalls));
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-o", "/dev/null", "-e", "trace=" + names));
        command.addAll(List.of("-e", "inject=" + names + ":" + fault, "-p", Long.toString(pid)));
        command.addAll(more);
        Process strace = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader says = strace.inputReader(StandardCharsets.UTF_8);
        String line = says.readLine();
        while (line != null && !line.contains("attached")) {
            line = says.readLine();
        }
        if (line == null) {
            throw new IOException("strace could not be attached to process " + pid);
        }
        return new Strace(strace);
    }

    /** Lets the process go on undisturbed. */
    @Override
    public void close() {
        process.destroy();
        Process unused = process.onExit().join();
    }
}
