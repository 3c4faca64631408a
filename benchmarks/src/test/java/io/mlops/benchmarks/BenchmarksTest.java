package io.mlops.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarksTest {
    @Test
    void printsNothingButNamesValuesAndUnits() throws Exception {
        List<String> lines = Child.run(Child.java(Benchmarks.class, "--quick", "^complete alias|^handle-call"))
                .output()
                .lines()
                .toList();

        assertThat(lines).allMatch(line -> line.matches("[a-z0-9][a-z0-9.-]* [0-9][0-9A-Za-z.+-]* [A-Za-z/]+"));
        assertThat(lines.stream().map(line -> line.substring(0, line.indexOf(' '))))
                .startsWith("cores", "jdk", "load.before", "disk-sync.making.p50")
                .contains("complete.p50", "complete.p50.at-most", "register.p50", "handle-call.2-threads")
                .doesNotContain("metric.1-thread-paced.p50", "jar.api");
    }
}
