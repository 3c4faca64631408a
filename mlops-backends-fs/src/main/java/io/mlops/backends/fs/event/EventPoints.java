package io.mlops.backends.fs.event;

import io.mlops.api.common.Times;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder of the points in an event. It skips fields with numbers that it does not know; a message that breaks off in
 * a field gives what stood before it. Not thread-safe.
 */
final class EventPoints {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** A receiver of points. The bytes hold the tag only until it returns. */
    @FunctionalInterface
    interface Sink {
        /** Receives one point; returns false to end the reading. */
        boolean point(byte[] bytes, int tagFrom, int tagLength, long step, long epochMillis, double value);
    }

    private byte[] bytes = {};
    private int at;
    private int end;
    private int field;
    private int wireType;
    private long number;

    /** Counts the points in all whole records that are left. */
    long count(EventReader reader) throws IOException {
        long[] count = new long[1];
        while (reader.advance()) {
            read(reader.data(), reader.dataFrom(), reader.dataLength(), (tag, from, length, step, millis, value) -> {
                count[0]++;
                return true;
            });
        }
        return count[0];
    }

    /** Gives every point of an event to the sink, in order; returns false if the sink ended the reading. */
    boolean read(byte[] data, int from, int length, Sink sink) {
        begin(data, from, length);
        double wallSeconds = 0;
        long step = 0;
        long millis = 0;
        boolean exactTime = false;
        int summaryFrom = 0;
        int summaryLength = 0;
        while (field()) {
            if (field == EventFormat.WALL_TIME && wireType == 1) {
                wallSeconds = Double.longBitsToDouble(number);
            } else if (field == EventFormat.STEP && wireType == 0) {
                step = number;
            } else if (field == EventFormat.SUMMARY && wireType == 2) {
                summaryFrom = at - (int) number;
                summaryLength = (int) number;
            } else if (field == EventFormat.EPOCH_MILLIS && wireType == 1) {
                millis = number;
                exactTime = true;
            }
        }
        return summaryLength == 0
                || values(
                        summaryFrom,
                        summaryFrom + summaryLength,
                        step,
                        Times.storable(exactTime ? millis : EventFormat.millis(wallSeconds)),
                        sink);
    }

    /** Returns the files that a file takes the place of, as its first event says. */
    List<EventEncoder.FailedFile> failedFiles(byte[] data, int from, int length) {
        List<EventEncoder.FailedFile> failed = new ArrayList<>();
        begin(data, from, length);
        String name = null;
        while (field()) {
            if (field == EventFormat.PREDECESSOR && wireType == 2) {
                name = new String(bytes, at - (int) number, (int) number, StandardCharsets.UTF_8);
            } else if (field == EventFormat.GOOD_LENGTH && wireType == 1 && name != null) {
                failed.add(new EventEncoder.FailedFile(name, number));
            }
        }
        return failed;
    }

    private boolean values(int from, int to, long step, long millis, Sink sink) {
        begin(bytes, from, to - from);
        while (field()) {
            if (field == EventFormat.VALUE && wireType == 2) {
                int next = at;
                boolean more = value(next - (int) number, next, step, millis, sink);
                begin(bytes, next, to - next);
                if (!more) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean value(int from, int to, long step, long millis, Sink sink) {
        begin(bytes, from, to - from);
        int tagFrom = 0;
        int tagLength = -1;
        boolean measured = false;
        boolean exact = false;
        double value = 0;
        while (field()) {
            if (field == EventFormat.TAG && wireType == 2) {
                tagFrom = at - (int) number;
                tagLength = (int) number;
            } else if (field == EventFormat.SIMPLE_VALUE && wireType == 5) {
                measured = true;
                value = exact ? value : Float.intBitsToFloat((int) number);
            } else if (field == EventFormat.EXACT_VALUE && wireType == 1) {
                exact = true;
                value = Double.longBitsToDouble(number);
            }
        }
        return tagLength < 0 || !measured || sink.point(bytes, tagFrom, tagLength, step, millis, value);
    }

    private void begin(byte[] data, int from, int length) {
        bytes = data;
        at = from;
        end = from + length;
    }

    /**
     * Reads one field; false at the end of the message. For text and nested messages, {@link #number} is then the
     * length and {@link #at} the end.
     */
    private boolean field() {
        if (!varint()) {
            return false;
        }
        field = (int) (number >>> 3);
        wireType = (int) (number & 7);
        return switch (wireType) {
            case 0 -> varint();
            case 1 -> fixed(8);
            case 2 -> varint() && skip();
            case 5 -> fixed(4);
            default -> false;
        };
    }

    private boolean varint() {
        number = 0;
        for (int shift = 0; shift < 64 && at < end; shift += 7) {
            byte part = bytes[at++];
            number |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return true;
            }
        }
        return false;
    }

    private boolean fixed(int width) {
        if (end - at < width) {
            return false;
        }
        number = width == 8 ? (long) LONG.get(bytes, at) : (int) INT.get(bytes, at);
        at += width;
        return true;
    }

    private boolean skip() {
        if (number < 0 || number > end - at) {
            return false;
        }
        at += (int) number;
        return true;
    }
}
