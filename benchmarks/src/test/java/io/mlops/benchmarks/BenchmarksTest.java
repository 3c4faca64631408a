package io.mlops.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarksTest {
    @Test
    void printsNothingButNamesValuesAndUnits() throws Exception {
        List<String> lines = measure("^complete alias|^handle-call");

        assertThat(lines).allMatch(BenchmarksTest::isFigure);
        assertThat(names(lines))
                .startsWith("cores", "jdk", "load.before", "disk-sync.making.p50")
                .contains("complete.p50", "complete.p50.at-most", "register.p50", "handle-call.2-threads")
                .doesNotContain("metric.1-thread-paced.p50", "jar.api");
    }

    @Test
    void measuresWhatTrackingCosts() throws Exception {
        List<String> lines = measure("^metric.lagging|^open-run|^search");

        assertThat(lines).allMatch(BenchmarksTest::isFigure);
        assertThat(names(lines))
                .contains("metric.lagging-store.longest", "metric.hanging-store.longest.at-most")
                .contains("open-run.idle", "open-run.recording.at-most")
                .contains("search.150-runs.p50", "search.300-runs.p99", "open.150-runs.heap-after-collection")
                .contains("open.150-runs.p50.at-most", "open.300-runs.without-index.p50.at-most");
    }

    @Test
    void measuresMlflowWhereItIsInstalled() throws Exception {
        List<String> lines = measure("^mlflow|^http");

        if ("true".equals(System.getenv("CI"))) {
            assertThat(lines).doesNotContain("mlflow.server unknown version");
        }
        if (!lines.contains("mlflow.server unknown version")) {
            assertThat(lines).allMatch(BenchmarksTest::isFigure);
            assertThat(names(lines))
                    .contains("mlflow.points.ours-to-java-one-by-one", "mlflow.small-runs.ours-to-java-batches")
                    .contains("mlflow.search.ours-to-java", "mlflow.history.ours-to-python")
                    .contains("mlflow.points.ours-to-ours-on-server", "http.points.four-runs.to-prepared-batches")
                    .contains("http.artifact-put.to-curl-and-sha256sum", "http.sync.small-runs.again-to-first");
        }
    }

    private static List<String> measure(String groups) throws Exception {
        return Child.run(Child.java(Benchmarks.class, "--quick", groups))
                .output()
                .lines()
                .toList();
    }

    private static boolean isFigure(String line) {
        return line.matches("[a-z0-9][a-z0-9.-]* [0-9][0-9A-Za-z.+-]* [A-Za-z/]+");
    }

    private static List<String> names(List<String> lines) {
        return lines.stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
    }
}
