package io.mlops.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** However a stream is read, all that was read counts, once. */
final class DigestingStreamTest {
    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
    private static final Digest OF_ABC =
            Digest.parse("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    private static final Digest OF_NOTHING =
            Digest.parse("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    @Test
    void everyWayOfReadingCounts() throws IOException {
        try (DigestingStream stream = new DigestingStream(new ByteArrayInputStream(ABC))) {
            assertThat(stream.digest()).isEqualTo(OF_NOTHING);
            assertThat(stream.read()).isEqualTo('a');
            assertThat(stream.skip(1)).isEqualTo(1);
            assertThat(stream.skip(-1)).isZero();
            assertThat(stream.read(new byte[8], 2, 5)).isEqualTo(1);
            assertThat(stream.read()).isEqualTo(-1);

            assertThat(stream.bytes()).isEqualTo(3);
            assertThat(stream.digest()).isEqualTo(OF_ABC);
            assertThat(stream.digest()).as("asked once more").isEqualTo(OF_ABC);
            assertThat(stream.markSupported()).isFalse();
        }
    }

    @Test
    void aStreamIsDigestedToItsEnd() throws IOException {
        try (InputStream stream = new ByteArrayInputStream(ABC)) {
            assertThat(DigestingStream.digest(stream)).isEqualTo(OF_ABC);
        }
    }
}
