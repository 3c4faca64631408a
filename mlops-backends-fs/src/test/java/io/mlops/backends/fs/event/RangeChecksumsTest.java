package io.mlops.backends.fs.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class RangeChecksumsTest {
    @Test
    void everyRangeHasTheChecksumOfItsBytes() {
        Random random = new Random(1);
        byte[] bytes = new byte[300_000];
        random.nextBytes(bytes);
        RangeChecksums sums = new RangeChecksums();
        CRC32C crc = new CRC32C();
        for (int from = 0; from < 100_000; from += random.nextInt(500)) {
            int length = random.nextInt(random.nextInt(20) == 0 ? 200_000 : 3_000);
            crc.reset();
            crc.update(bytes, from, length);

            assertThat(sums.of(bytes, from, length, 1L << 40 | from))
                    .as("%s bytes from %s on", length, from)
                    .isEqualTo((int) crc.getValue());
        }
    }
}
