package io.mlops.core.environment;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what this process uses, by the keys of metrics: {@code system/cpu} since the last reading, of all cores, 0 to
 * 1; {@code system/heap.used.bytes}; {@code system/gc.seconds} since the JVM began; {@code system/disk.free.bytes}. Not
 * thread-safe.
 */
public final class ProcessReadings {
    private final Path disk;
    private @Nullable Duration cpuBefore;
    private long readAt;

    /** Readings with the free space of the disk of this folder. */
    public ProcessReadings(Path disk) {
        this.disk = disk;
    }

    /** Reads all values that can be read now; {@code system/cpu} only from the second time on. */
    public Map<String, Double> read() {
        Map<String, Double> values = new TreeMap<>();
        readCpu(values);
        Runtime runtime = Runtime.getRuntime();
        values.put("system/heap.used.bytes", (double) (runtime.totalMemory() - runtime.freeMemory()));
        long collecting = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collecting += Math.max(0, collector.getCollectionTime());
        }
        values.put("system/gc.seconds", collecting / 1000.0);
        free().ifPresent(bytes -> values.put("system/disk.free.bytes", bytes));
        return values;
    }

    /** The free bytes of the disk; empty while the folder is not there. */
    private Optional<Double> free() {
        try {
            return Optional.of(
                    (double) Files.getFileStore(disk.toAbsolutePath()).getUsableSpace());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void readCpu(Map<String, Double> values) {
        long now = System.nanoTime();
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(null);
        if (cpu != null && cpuBefore != null && now > readAt) {
            double used = cpu.minus(cpuBefore).toNanos();
            double available = (double) (now - readAt) * Runtime.getRuntime().availableProcessors();
            values.put("system/cpu", Math.min(1, Math.max(0, used / available)));
        }
        cpuBefore = cpu;
        readAt = now;
    }
}
