package io.mlops.benchmarks;

import io.mlops.api.common.AliasMove;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts from outside, by {@code strace}, how often an operation syncs. Strace looks at the main method here. */
final class SyncCount {
    private static final int ROUNDS = 5;
    private static final String MARK = "mlops-sync-count.";
    private static final Pattern CALL = Pattern.compile("(fsync|fdatasync)\\(|" + Pattern.quote(MARK) + "([a-z-]*)");

    private SyncCount() {}

    static void measure(Setting setting) throws Exception {
        Report report = setting.report();
        Path folder = Setting.newFolder();
        Path trace = folder.resolve("strace.txt");
        List<String> command = new ArrayList<>(
                List.of("strace", "-f", "-e", "trace=fsync,fdatasync,openat,?open", "-o", trace.toString()));
        command.addAll(Child.java(SyncCount.class));
        try {
            Child.run(command);
            Map<String, Integer> counts = count(Files.readAllLines(trace));
            report.atMost(3, "complete.syncs", counts.getOrDefault("complete", 0), "count");
            report.line("first-complete.syncs", counts.getOrDefault("first-complete", 0), "count");
            report.atMost(3, "alias-move.syncs", counts.getOrDefault("alias-move", 0), "count");
            report.line("register.syncs", counts.getOrDefault("register", 0), "count");
        } catch (IOException e) {
            System.err.println("syncs are not counted, strace does not work here: " + e.getMessage());
            report.line("complete.syncs", "unknown", "count");
        } finally {
            Setting.delete(folder);
        }
    }

    /** The most syncs between the mark of an operation and the next mark. */
    private static Map<String, Integer> count(List<String> trace) {
        Map<String, Integer> most = new TreeMap<>();
        String operation = "";
        int syncs = 0;
        for (String line : trace) {
            Matcher call = CALL.matcher(line);
            if (!call.find()) {
                continue;
            }
            if (call.group(2) == null) {
                syncs++;
                continue;
            }
            if (!operation.isEmpty()) {
                most.merge(operation, syncs, Math::max);
            }
            operation = call.group(2);
            syncs = 0;
        }
        return most;
    }

    /** Does each operation a few times, with marks before and after. */
    public static void main(String[] arguments) throws IOException {
        try (TemporaryStore store = new TemporaryStore()) {
            store.registerChampion("small", new byte[1000]);
            Path file = store.folder().resolve("small.bin");
            for (int round = 0; round < ROUNDS; round++) {
                Run run = SmallOperations.startSmallRun(store);
                // The first one of a program also stores what its runs run in, once for all of them.
                mark(round == 0 ? "first-complete" : "complete");
                run.complete();
                mark("register");
                ModelVersion next = store.mlops().registry().register(ModelSpec.of("small", file));
                mark("alias-move");
                var unused = store.mlops().registry().move(AliasMove.of("small@champion", next));
                mark("");
            }
        }
    }

    /** Opens a file that does not exist, which strace shows in its place among the syncs. */
    private static void mark(String operation) throws IOException {
        try {
            Files.newInputStream(Path.of(MARK + operation)).close();
        } catch (NoSuchFileException expected) {
            return;
        }
    }
}
