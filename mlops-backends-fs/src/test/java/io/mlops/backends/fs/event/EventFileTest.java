package io.mlops.backends.fs.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.mlops.api.common.Limits;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.tracker.RunStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of event files, and what can be read of them after damage. */
final class EventFileTest {
    private static final int POINTS = 200;
    /** Every bit with {@code -Dmlops.faults} above 1, otherwise a sample between the first and last records. */
    private static final int BITS_AT_A_TIME = Integer.getInteger("mlops.faults", 1) > 1 ? 1 : 61;

    @TempDir
    private Path folder;

    private Path file;
    /** Whether the last reading found nothing to report. */
    private boolean clean;

    private byte[] sound;

    @BeforeEach
    void writePoints() throws IOException {
        file = folder.resolve("metrics-000001-w.tfevents");
        long[] steps = LongStream.range(0, POINTS).toArray();
        double[] values = LongStream.range(0, POINTS).mapToDouble(i -> i / 10.0).toArray();
        sound = encode(MetricBatch.of("w", 0, "loss", steps, steps, values));
        Files.write(file, sound);
    }

    private static byte[] encode(MetricBatch batch) {
        Protobuf out = new Protobuf();
        EventEncoder.header(batch.writer(), List.of(), 1.5, out);
        assertThat(new EventEncoder().points(batch, 0, out, Integer.MAX_VALUE)).isEqualTo(batch.size());
        byte[] bytes = new byte[out.size()];
        out.view().get(bytes);
        return bytes;
    }

    /** The steps of the points that can be read. */
    private List<Long> read(Path from) throws IOException {
        List<Long> steps = new ArrayList<>();
        EventPoints points = new EventPoints();
        try (EventReader reader = new EventReader(from, 0, Long.MAX_VALUE)) {
            while (reader.advance()) {
                points.read(
                        reader.data(),
                        reader.dataFrom(),
                        reader.dataLength(),
                        (b, tagFrom, length, step, millis, value) -> {
                            assertThat(new String(b, tagFrom, length, StandardCharsets.UTF_8))
                                    .isEqualTo("loss");
                            assertThat(value).isEqualTo(step / 10.0);
                            return steps.add(step);
                        });
            }
            clean = reader.damagedBytes() == 0 && reader.tailBytes() == 0;
        }
        return steps;
    }

    @Test
    void theBytesAreTensorBoards() {
        byte[] bytes = encode(MetricBatch.wrap(
                "w",
                0,
                0,
                3,
                new String[] {"a", "b"},
                new int[] {0, 1, 0},
                new long[] {1, 1, 2},
                new long[] {1500, 1500, 1501},
                new double[] {0.5, 0.1, -0.0}));

        // The frames and their checksums were read back with TensorBoard's own reader.
        String header = "09000000000000f83f" + "1a0d" + "627261696e2e4576656e743a32" + "ca3e01" + "77";
        String two = "09000000000000f83f" + "1001" + "2a1e" + "0a08" + "0a0161" + "150000003f" + "0a12" + "0a0162"
                + "15cdcccc3d" + "c13e9a9999999999b93f";
        String one = "096abc74931804f83f" + "1002" + "2a0a" + "0a08" + "0a0161" + "1500000080";
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("1c00000000000000c8c1951d" + header + "1de5b3ce" + "2b00000000000000861bc34b" + two
                        + "98177285" + "1700000000000000e7cef81e" + one + "e49d844f");
    }

    @Test
    void theHparamsBytesAreTensorBoardsAndNoPoints() throws IOException {
        Hparams run = new Hparams(
                "first",
                Instant.ofEpochMilli(1500),
                Map.of("depth", "3"),
                RunStatus.FINISHED,
                Instant.ofEpochMilli(2500));
        Protobuf out = new Protobuf();
        HparamsEncoder.start(run, out);
        HparamsEncoder.end(run, out);

        // Written by TensorBoard's own RecordWriter, of its own messages.
        String expected = "6a00000000000000af81ed6709000000000000f83f2a5f0a5d0a1c5f68706172616d735f2f736573"
                + "73696f6e5f73746172745f696e666f42060801120212004a350a310a0768706172616d7312261a24"
                + "0a120a05646570746812091100000000000008402205666972737429000000000000f83f20029f3d"
                + "5cde4f000000000000006c474f930900000000000004402a440a420a1a5f68706172616d735f2f73"
                + "657373696f6e5f656e645f696e666f42060801120212004a1c0a180a0768706172616d73120d220b"
                + "080111000000000000044020023333f623";
        assertThat(HexFormat.of().formatHex(out.toBytes())).isEqualTo(expected);
        Path with = folder.resolve("with.tfevents");
        Files.write(with, sound);
        Files.write(with, out.toBytes(), StandardOpenOption.APPEND);
        assertThat(read(with)).hasSize(POINTS);
        assertThat(clean).isTrue();
    }

    @Test
    void noParamsMakeARecordThatReadersTakeForDamage() throws IOException {
        Map<String, String> params = new TreeMap<>();
        for (int i = 0; i < Limits.PARAMS; i++) {
            params.put("ключ".repeat(60) + i, "значение".repeat(300));
        }
        Protobuf out = new Protobuf();
        HparamsEncoder.start(new Hparams("r", Instant.EPOCH, params, RunStatus.RUNNING, null), out);
        Path with = folder.resolve("with.tfevents");
        Files.write(with, out.toBytes());
        Files.write(with, sound, StandardOpenOption.APPEND);

        assertThat(read(with)).hasSize(POINTS);
        assertThat(clean).isTrue();
    }

    @Test
    void aPointCostsLittleMoreThanItsTag() {
        long[] steps = LongStream.range(0, 1000).toArray();
        double[] values = LongStream.range(0, 1000).mapToDouble(i -> i / 3.0).toArray();
        byte[] single = encode(MetricBatch.of("w", 0, "loss", steps, steps, values));
        int[] keyOf = LongStream.range(0, 1000).mapToInt(i -> (int) (i % 4)).toArray();
        long[] byFour = LongStream.range(0, 1000).map(i -> i / 4).toArray();
        byte[] grouped = encode(MetricBatch.wrap(
                "w", 0, 0, 1000, new String[] {"loss", "acc", "auc", "f1"}, keyOf, byFour, byFour, values));

        assertThat(single.length / 1000.0).isLessThanOrEqualTo(50 + "loss".length());
        assertThat(grouped.length / 1000.0).isLessThanOrEqualTo(40);
    }

    @Test
    void everyBitFlipLosesExactlyOneRecord() throws IOException {
        Path damaged = folder.resolve("damaged.tfevents");
        int headerBytes = EventFormat.HEADER_BYTES + ByteBuffer.wrap(sound).get(0) + EventFormat.FOOTER_BYTES;
        // Every bit of the first and last records, a sample between: the records are all alike.
        int edge = 300 * 8;
        for (int bit = 0;
                bit < sound.length * 8;
                bit += bit < edge || bit >= sound.length * 8 - edge ? 1 : BITS_AT_A_TIME) {
            byte[] bytes = sound.clone();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(damaged, bytes);

            assertThat(read(damaged)).as("bit " + bit).hasSize(bit / 8 < headerBytes ? POINTS : POINTS - 1);
            assertThat(clean).isFalse();
        }
    }

    @Test
    void aCutLosesNoWholeRecord() throws IOException {
        Path cut = folder.resolve("cut.tfevents");
        List<Integer> ends = new ArrayList<>();
        try (EventReader reader = new EventReader(file, 0, Long.MAX_VALUE)) {
            while (reader.advance()) {
                ends.add((int) reader.goodEnd());
            }
        }
        for (int length = 0; length <= sound.length; length++) {
            Files.write(cut, Arrays.copyOf(sound, length));
            int bytes = length;

            long whole = ends.stream().filter(end -> end <= bytes).count();
            assertThat(read(cut)).as("cut at " + length).hasSize((int) Math.max(0, whole - 1));
        }
    }

    @Test
    void aTailOfGarbageOrZerosAddsNothing() throws IOException {
        Path torn = folder.resolve("torn.tfevents");
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = Arrays.copyOf(sound, sound.length + 64);
            if (i > 0) {
                byte[] garbage = new byte[64];
                random.nextBytes(garbage);
                System.arraycopy(garbage, 0, bytes, sound.length, 64);
            }
            Files.write(torn, bytes);

            assertThat(read(torn)).hasSize(POINTS);
        }
    }

    @Test
    void whatFollowsDamageIsRead() throws IOException {
        Path holed = folder.resolve("holed.tfevents");
        byte[] bytes = sound.clone();
        Arrays.fill(bytes, 1000, 5000, (byte) 0);
        Files.write(holed, bytes);

        assertThat(read(holed)).contains(0L, POINTS - 1L).hasSizeBetween(100, 130);
    }

    @Test
    void headsWithoutTheirRecordsCostNoMoreThanOtherDamage() throws IOException {
        Random random = new Random(1);
        ByteBuffer heads = ByteBuffer.allocate(10 << 20).order(ByteOrder.LITTLE_ENDIAN);
        // No whole head comes first, so that a record is looked for from there on.
        heads.put((byte) 1);
        CRC32C crc = new CRC32C();
        while (heads.remaining() >= EventFormat.HEADER_BYTES) {
            int at = heads.position();
            heads.putLong(EventFormat.MAX_RECORD_BYTES - random.nextInt(1000));
            heads.putInt(EventFormat.maskedCrc(crc, heads.array(), at, 8));
        }
        Path crafted = folder.resolve("crafted.tfevents");
        Files.write(crafted, heads.array());
        Files.write(crafted, sound, StandardOpenOption.APPEND);

        List<Long> found = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> read(crafted));

        assertThat(found).hasSize(POINTS);
        assertThat(clean).isFalse();
    }

    @Test
    void aReaderBeginsAndEndsWhereItIsTold() throws IOException {
        try (EventReader whole = new EventReader(file, 0, Long.MAX_VALUE)) {
            for (int i = 0; i < 3; i++) {
                assertThat(whole.advance()).isTrue();
            }
            long third = whole.recordStart();
            assertThat(whole.advance()).isTrue();
            try (EventReader part = new EventReader(file, third, whole.recordStart())) {
                assertThat(part.advance()).isTrue();
                assertThat(part.recordStart()).isEqualTo(third);
                assertThat(part.advance()).isFalse();
                assertThat(part.tailBytes()).isZero();
            }
        }
    }
}
