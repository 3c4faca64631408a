package io.mlops.core.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK keeps with each thread a buffer outside of the heap, as large as the largest read or write of the thread. */
final class DirectBuffersTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void aLongDocumentLeavesNoLongBufferWithTheThread() throws IOException {
        byte[] bytes = new byte[8 * MEGABYTE + 77];
        new Random(5).nextBytes(bytes);
        Path file = folder.resolve("long.json");
        Disk disk = new Disk();
        long before = direct();

        disk.write(file, bytes, false);
        assertThat(disk.read(file)).isEqualTo(bytes);
        assertThat(disk.append(file, bytes)).isEqualTo(2L * bytes.length);
        assertThat(disk.read(file, bytes.length, 3 * bytes.length)).isEqualTo(bytes);

        assertThat(direct() - before).isLessThan(MEGABYTE);
        assertThat(Files.size(file)).isEqualTo(2L * bytes.length);
        Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(disk.read(file)).isEmpty();
    }
}
