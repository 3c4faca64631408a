package io.mlops.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Measures and prints lines {@code name value unit}, nothing else, to standard output; a budget follows its figure as
 * {@code name.at-most} or {@code name.at-least}.
 */
public final class Benchmarks {
    private Benchmarks() {}

    /**
     * Measures everything, or the groups whose names match.
     *
     * @param arguments {@code --quick} to see that it works, and a regular expression
     */
    public static void main(String[] arguments) {
        List<String> filters = new ArrayList<>(List.of(arguments));
        boolean quick = filters.remove("--quick");
        if (filters.size() > 1) {
            System.err.println("usage: java -jar benchmarks.jar [--quick] [regular expression of "
                    + String.join(", ", groups().keySet()) + "]");
            System.exit(2);
        }
        Pattern filter = Pattern.compile(filters.isEmpty() ? "" : filters.get(0));
        // No logger is configured, and SLF4J need not say so.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        // JMH refuses to run beside another JMH, which matters only where the figures do.
        System.setProperty("jmh.ignoreLock", Boolean.toString(quick));
        System.exit(run(new Setting(new Report(System.out), quick), filter) ? 0 : 1);
    }

    private static boolean run(Setting setting, Pattern filter) {
        Report report = setting.report();
        report.line("cores", Runtime.getRuntime().availableProcessors(), "count");
        report.line("jdk", Runtime.version().toString(), "version");
        // Beside other busy programs, everything that hands over between threads is slower than it is.
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        report.line("load.before", Math.max(0, load), "threads");
        boolean complete = true;
        for (Map.Entry<String, Measurement> group : groups().entrySet()) {
            boolean always = group.getKey().equals("disk-sync");
            if (always || filter.matcher(group.getKey()).find()) {
                complete &= measure(setting, group.getKey(), group.getValue());
            }
        }
        report.missed().forEach(missed -> System.err.println("budget missed: " + missed));
        return complete;
    }

    private static boolean measure(Setting setting, String name, Measurement measurement) {
        try {
            measurement.measure(setting);
            return true;
        } catch (Exception e) {
            System.err.println(name + " could not be measured: " + e);
            e.printStackTrace();
            return false;
        }
    }

    /** By the names of their figures, in this order: what comes first finds the JVM as a program would. */
    private static Map<String, Measurement> groups() {
        Map<String, Measurement> groups = new LinkedHashMap<>();
        groups.put("disk-sync", DiskSync::measure);
        groups.put("clock", MetricCost::clock);
        groups.put("metric", MetricCost::ours);
        groups.put("metric-jmh", Jmh::metric);
        groups.put("csv", MetricCost::csv);
        groups.put("metric.lagging-store metric.hanging-store", LaggingStore::measure);
        groups.put("open-run", OpenRuns::measure);
        groups.put("durable", DurableRate::measure);
        groups.put("event-bytes", DurableRate::bytes);
        groups.put("history", HistoryScan::measure);
        groups.put("complete alias-move register", SmallOperations::measure);
        groups.put("alias-find", AliasFind::measure);
        groups.put("complete.syncs alias-move.syncs register.syncs", SyncCount::measure);
        groups.put("first-use", FirstUse::measure);
        groups.put("model-load cp-and-sha256sum", ModelLoad::measure);
        groups.put("artifact-put artifact-download", ArtifactTransfer::measure);
        groups.put("artifact-put.one", ManyArtifacts::measure);
        groups.put("handle-call", Jmh::handle);
        groups.put("jar", JarSizes::measure);
        groups.put("mlflow", ServerTask.onServer("mlflow", MlflowComparison::measure));
        ServerTask points = ServerPoints::measure;
        groups.put(
                "http",
                ServerTask.onServer(
                        "http", points.then(ServerArtifacts::measure).then(ServerSync::measure)));
        // After whatever makes files: a file system may be slow at that while many were deleted just now.
        groups.put("search open", SearchSpeed::measure);
        return groups;
    }
}
