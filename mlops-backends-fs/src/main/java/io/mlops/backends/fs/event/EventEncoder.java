package io.mlops.backends.fs.event;

import io.mlops.api.spi.MetricBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An encoder of points into TensorBoard events in TFRecord frames. Points of one step and millisecond share an event
 * until a key repeats. Values that a float cannot hold also carry the exact double in field 1000, which TensorBoard
 * skips. Not thread-safe.
 */
final class EventEncoder {
    private static final int MAX_VALUES = 64;
    private static final int MAX_EVENT_BYTES = 16 * 1024;

    /** A file that could not be written to its end, and the length up to which it counts. */
    record FailedFile(String name, long goodLength) {}

    /** A key in UTF-8, and the number of the event it was last written into. */
    private static final class Tag {
        private final String key;
        private final byte[] utf8;
        private long event = -1;

        Tag(String key) {
            this.key = key;
            this.utf8 = key.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final Map<String, Tag> tags = new HashMap<>();
    private @Nullable Tag[] tagOf = {};
    private long events;

    /** Encodes the first record of a file; {@code failed} are the files of its writer that it takes the place of. */
    static void header(String writer, List<FailedFile> failed, double wallSeconds, Protobuf out) {
        int start = out.beginRecord();
        out.fixed64(EventFormat.WALL_TIME, Double.doubleToRawLongBits(wallSeconds));
        out.text(EventFormat.FILE_VERSION, EventFormat.VERSION);
        out.text(EventFormat.WRITER, writer);
        for (FailedFile file : failed) {
            out.text(EventFormat.PREDECESSOR, file.name());
            out.fixed64(EventFormat.GOOD_LENGTH, file.goodLength());
        }
        out.endRecord(start);
    }

    /**
     * Encodes points from an index on, until the batch ends or the limit is passed; returns the index of the next
     * point.
     */
    int points(MetricBatch batch, int from, Protobuf out, int maxBytes) {
        if (tagOf.length < batch.keyCount()) {
            tagOf = Arrays.copyOf(tagOf, batch.keyCount());
        }
        int next = from;
        while (next < batch.size() && out.size() < maxBytes) {
            next = event(batch, next, out);
        }
        return next;
    }

    private int event(MetricBatch batch, int from, Protobuf out) {
        long event = ++events;
        long step = batch.step(from);
        long millis = batch.epochMillis(from);
        int end = from;
        int summaryBytes = 0;
        while (end < batch.size()
                && end - from < MAX_VALUES
                && summaryBytes < MAX_EVENT_BYTES
                && batch.step(end) == step
                && batch.epochMillis(end) == millis) {
            Tag tag = tag(batch, batch.keyOf(end));
            if (tag.event == event) {
                break;
            }
            tag.event = event;
            int bytes = valueBytes(tag, batch.value(end));
            summaryBytes += 1 + Protobuf.varintBytes(bytes) + bytes;
            end++;
        }
        int start = out.beginRecord();
        double wallSeconds = millis / 1000.0;
        out.fixed64(EventFormat.WALL_TIME, Double.doubleToRawLongBits(wallSeconds));
        if (step != 0) {
            out.varint(EventFormat.STEP, step);
        }
        out.length(EventFormat.SUMMARY, summaryBytes);
        for (int i = from; i < end; i++) {
            value(tag(batch, batch.keyOf(i)), batch.value(i), out);
        }
        if (EventFormat.millis(wallSeconds) != millis) {
            out.fixed64(EventFormat.EPOCH_MILLIS, millis);
        }
        out.endRecord(start);
        return end;
    }

    private static boolean isFloat(double value) {
        // Compared as bits: -0.0 equals 0.0, and NaN equals nothing.
        return Double.doubleToRawLongBits((float) value) == Double.doubleToRawLongBits(value);
    }

    private static int valueBytes(Tag tag, double value) {
        int text = tag.utf8.length;
        return 1 + Protobuf.varintBytes(text) + text + 5 + (isFloat(value) ? 0 : 10);
    }

    private static void value(Tag tag, double value, Protobuf out) {
        out.length(EventFormat.VALUE, valueBytes(tag, value));
        out.bytes(EventFormat.TAG, tag.utf8);
        out.fixed32(EventFormat.SIMPLE_VALUE, Float.floatToRawIntBits((float) value));
        if (!isFloat(value)) {
            out.fixed64(EventFormat.EXACT_VALUE, Double.doubleToRawLongBits(value));
        }
    }

    private Tag tag(MetricBatch batch, int index) {
        String key = batch.key(index);
        Tag tag = tagOf[index];
        // A writer keeps its key table, so the same index nearly always means the very same string.
        if (tag == null || !tag.key.equals(key)) {
            tag = tags.computeIfAbsent(key, Tag::new);
            tagOf[index] = tag;
        }
        return tag;
    }
}
