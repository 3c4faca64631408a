package io.mlops.core.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProcessReadingsTest {
    @Test
    void whatTheProcessUsesIsRead() {
        ProcessReadings readings = new ProcessReadings(Path.of(""));
        assertThat(readings.read()).doesNotContainKey("system/cpu");

        Map<String, Double> values = readings.read();

        assertThat(values)
                .containsOnlyKeys(
                        "system/cpu", "system/heap.used.bytes", "system/gc.seconds", "system/disk.free.bytes");
        assertThat(values.get("system/cpu")).isBetween(0.0, 1.0);
        assertThat(values.get("system/heap.used.bytes")).isGreaterThan(1_000_000);
        assertThat(values.get("system/gc.seconds")).isNotNegative();
        assertThat(values.get("system/disk.free.bytes")).isPositive();
    }

    @Test
    void aDiskThatIsGoneIsLeftOut() {
        assertThat(new ProcessReadings(Path.of("no-such-folder")).read())
                .containsKey("system/heap.used.bytes")
                .doesNotContainKey("system/disk.free.bytes");
    }
}
