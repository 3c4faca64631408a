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

    private static final Predicate<String> OF_SERVERS =
            Pattern.compile("^(okhttp-|okio-|kotlin-|annotations-)").asPredicate();

    private JarSizes() {}

    static void measure(Setting setting) {
        Report report = setting.report();
        report.atMost(150, "jar.api", bytes(name -> name.startsWith("mlops-api-")) / 1e3, "kB");
        Predicate<String> core = TOOLS.or(OF_SERVERS).negate().and(name -> !name.startsWith("mlops-backends-"));
        report.atMost(4, "jar.core-with-its-dependencies", bytes(core) / 1e6, "MB");
        Predicate<String> server = OF_SERVERS.or(name -> name.startsWith("mlops-backends-http-"));
        report.line("jar.all-for-the-file-store", bytes(TOOLS.or(server).negate()) / 1e6, "MB");
        report.atMost(3.6, "jar.backend-of-servers-with-okhttp", bytes(server) / 1e6, "MB");
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
