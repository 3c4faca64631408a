package io.mlops.backends.fs.event;

import java.util.zip.CRC32C;

/**
 * Numbers of TensorFlow's event format: fields of {@code Event}, {@code Summary} and {@code Value}, and ours from 1000 on,
 * which other readers skip.
 */
final class EventFormat {
    /** What the first event of a file must say. */
    static final String VERSION = "brain.Event:2";

    static final int WALL_TIME = 1;
    static final int STEP = 2;
    static final int FILE_VERSION = 3;
    static final int SUMMARY = 5;
    static final int VALUE = 1;
    static final int TAG = 1;
    static final int SIMPLE_VALUE = 2;

    /** In a value: the exact double. */
    static final int EXACT_VALUE = 1000;
    /** In the first event: who writes the file. */
    static final int WRITER = 1001;
    /** In the first event: the file that this one continues. */
    static final int PREDECESSOR = 1002;
    /** In the first event: how much of that file counts. */
    static final int GOOD_LENGTH = 1003;
    /** In an event: its exact time, where seconds as a double cannot tell it. */
    static final int EPOCH_MILLIS = 1004;

    /** Length and checksum before the data, checksum after it. */
    static final int HEADER_BYTES = 12;

    static final int FOOTER_BYTES = 4;
    static final int MAX_RECORD_BYTES = 1 << 20;

    private static final int MASK = 0xa282ead8;

    private EventFormat() {}

    /** TFRecord's checksum: CRC-32C, rotated and shifted, so that data holding its own checksum stays checked. */
    static int maskedCrc(CRC32C crc, byte[] bytes, int from, int length) {
        crc.reset();
        crc.update(bytes, from, length);
        int value = (int) crc.getValue();
        return ((value >>> 15) | (value << 17)) + MASK;
    }

    /** The millisecond that an event's seconds mean. */
    static long millis(double wallSeconds) {
        return Math.round(wallSeconds * 1000);
    }
}
