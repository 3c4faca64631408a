package io.mlops.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A finished process.
 *
 * @param nanos from its start to its end
 * @param output what it wrote to standard output
 */
record Child(long nanos, String output) {
    /** No logger is configured, and SLF4J need not say so. */
    static final String QUIET = "-Dslf4j.internal.verbosity=ERROR";

    /** Runs a program to its end. */
    static Child run(List<String> command) throws IOException, InterruptedException {
        return run(command, Map.of());
    }

    /** Runs a program to its end, with some variables beside those of this process. */
    static Child run(List<String> command, Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(variables);
        long begin = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        long nanos = System.nanoTime() - begin;
        if (code != 0) {
            throw new IOException(command + " ended with code " + code);
        }
        return new Child(nanos, output);
    }

    /** A command of a program and its arguments. */
    static List<String> command(List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        return command;
    }

    /** The command that starts a main class of this module in a JVM like this one. */
    static List<String> java(Class<?> main, String... arguments) {
        return java(List.of(), main, arguments);
    }

    /** The same with options for the JVM. */
    static List<String> java(List<String> options, Class<?> main, String... arguments) {
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.add(QUIET);
        program.addAll(options);
        program.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command(program, arguments);
    }
}
