package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.fs.ChildJvm;
import io.mlops.backends.fs.faults.StepJob.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A run of a {@link StepJob} in a process of its own.
 *
 * @param lines the lines that the process printed
 */
record StepRun(List<String> lines) {
    private static final boolean ALL = Integer.getInteger("mlops.faults", 1) > 1;
    private static final Pattern CALL = Pattern.compile("[0-9]+ +([a-z0-9]+)\\(.*");

    /**
     * A system call of a process.
     *
     * @param name the call's name on this machine
     * @param number the place among the calls of this name, from 1 on
     */
    record Call(String name, int number) {
        @Override
        public String toString() {
            return name + " " + number;
        }
    }

    static StepRun of(Path store, List<String> prefix, int retries) throws Exception {
        String classPath = System.getProperty("java.class.path");
        try (ChildJvm child = ChildJvm.start(prefix, classPath, StepJob.class, store, retries)) {
            List<String> lines = child.lines();
            int unused = child.exit();
            return new StepRun(lines);
        }
    }

    boolean finished() {
        return lines.contains("closed");
    }

    Set<Step> done() {
        Set<Step> done = EnumSet.noneOf(Step.class);
        for (String line : lines) {
            if (line.startsWith("done ")) {
                done.add(Step.valueOf(line.substring("done ".length())));
            }
        }
        return done;
    }

    List<String> failures() {
        return lines.stream().filter(line -> line.startsWith("failed ")).toList();
    }

    /** Returns calls that an undisturbed job makes: one of each name, chosen anew each time, or all. */
    static List<Call> calls(Path folder) throws Exception {
        Path trace = folder.resolve("trace");
        assertThat(StepRun.of(folder.resolve("undisturbed"), Strace.traced(trace, Syscall.names(Syscall.CHANGES)), 0)
                        .finished())
                .isTrue();
        Map<String, Integer> made = new TreeMap<>();
        for (String line : Files.readAllLines(trace)) {
            Matcher call = CALL.matcher(line);
            if (call.matches() && line.contains(folder.toString())) {
                made.merge(call.group(1), 1, Integer::sum);
            }
        }
        assertThat(made).hasSizeGreaterThan(5);
        Random random = new Random(System.nanoTime());
        List<Call> chosen = new ArrayList<>();
        made.forEach((name, count) -> (ALL ? IntStream.rangeClosed(1, count) : random.ints(1, 1, count + 1))
                .forEach(number -> chosen.add(new Call(name, number))));
        return chosen;
    }
}
