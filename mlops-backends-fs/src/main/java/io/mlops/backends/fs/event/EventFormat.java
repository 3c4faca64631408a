package io.mlops.backends.fs.event;

import java.util.zip.CRC32C;

/**
 * Field numbers of TensorFlow's event format, in {@code Event}, {@code Summary} and {@code Value}, and ours from 1000
 * on, which other readers skip.
 */
final class EventFormat {
    /** Text that the first event of a file must hold. */
    static final String VERSION = "brain.Event:2";

    static final int WALL_TIME = 1;
    static final int STEP = 2;
    static final int FILE_VERSION = 3;
    static final int SUMMARY = 5;
    static final int VALUE = 1;
    static final int TAG = 1;
    static final int SIMPLE_VALUE = 2;

    /** Field of a value: the exact double. */
    static final int EXACT_VALUE = 1000;
    /** Field of the first event: the name of the file's writer. */
    static final int WRITER = 1001;
    /** Field of the first event: the file that this one takes the place of. */
    static final int PREDECESSOR = 1002;
    /** Field of the first event: the length up to which that file counts. */
    static final int GOOD_LENGTH = 1003;
    /** Field of an event: its exact time in milliseconds, where seconds as a double cannot tell it. */
    static final int EPOCH_MILLIS = 1004;

    /** Bytes before the data of a record: its length and the checksum of that. */
    static final int HEADER_BYTES = 12;

    /** Bytes after the data of a record: its checksum. */
    static final int FOOTER_BYTES = 4;

    static final int MAX_RECORD_BYTES = 1 << 20;

    private static final int MASK = 0xa282ead8;

    private EventFormat() {}

    /**
     * Computes TFRecord's checksum: CRC-32C, rotated and shifted, so that data which holds its own checksum is checked,
     * too.
     */
    static int maskedCrc(CRC32C crc, byte[] bytes, int from, int length) {
        crc.reset();
        crc.update(bytes, from, length);
        return masked((int) crc.getValue());
    }

    /** Rotates and shifts a CRC-32C. */
    static int masked(int crc) {
        return ((crc >>> 15) | (crc << 17)) + MASK;
    }

    /** Rounds an event's seconds to milliseconds. */
    static long millis(double wallSeconds) {
        return Math.round(wallSeconds * 1000);
    }
}
