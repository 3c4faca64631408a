package io.mlops.benchmarks;

import java.io.File;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Measures the jars that a program has to bring along. */
final class JarSizes {
    /** The jars that are beside ours for the benchmarks only. */
    private static final Predicate<String> TOOLS = Pattern.compile("^(jmh-|jopt-simple-|commons-math3-|mlflow-client-)")
            .asPredicate();

    private JarSizes() {}

    static void measure(Setting setting) {
        Report report = setting.report();
        report.atMost(150, "jar.api", bytes(name -> name.startsWith("mlops-api-")) / 1e3, "kB");
        Predicate<String> core = TOOLS.negate().and(name -> !name.startsWith("mlops-backends-"));
        report.atMost(4, "jar.core-with-its-dependencies", bytes(core) / 1e6, "MB");
        report.line("jar.all-for-the-file-store", bytes(TOOLS.negate()) / 1e6, "MB");
    }

    private static long bytes(Predicate<String> wanted) {
        File[] jars = Setting.buildFolder().resolve("lib").toFile().listFiles();
        if (jars == null) {
            throw new IllegalStateException("jars are measured by running the packaged benchmarks.jar only");
        }
        return Arrays.stream(jars)
                .filter(jar -> wanted.test(jar.getName()))
                .mapToLong(File::length)
                .sum();
    }
}
