package io.mlops.backends.fs.event;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An encoder of what TensorBoard's HPARAMS tab shows of a run, as events that hold no points: all is in the metadata of a
 * summary, of which TensorBoard keeps the first per tag. Stateless.
 */
final class HparamsEncoder {
    private static final String PLUGIN = "hparams";
    private static final String START_TAG = "_hparams_/session_start_info";
    private static final String END_TAG = "_hparams_/session_end_info";

    // Fields of TensorFlow's Value, SummaryMetadata and PluginData.
    private static final int TENSOR = 8;
    private static final int METADATA = 9;
    private static final int PLUGIN_DATA = 1;
    private static final int DATA_CLASS = 4;
    private static final int PLUGIN_NAME = 1;
    private static final int CONTENT = 2;
    private static final int TENSOR_CLASS = 2;
    /** An empty vector of floats, the shortest tensor: loaders leave out summaries without one. */
    private static final byte[] EMPTY_TENSOR = {8, 1, 18, 2, 18, 0};

    // Fields of the plugin's HParamsPluginData, SessionStartInfo with its entries, and SessionEndInfo.
    private static final int START_INFO = 3;
    private static final int END_INFO = 4;
    private static final int ENTRY = 1;
    private static final int GROUP_NAME = 4;
    private static final int START_SECONDS = 5;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;
    private static final int STATUS = 1;
    private static final int END_SECONDS = 2;

    // Fields of protobuf's Value.
    private static final int NUMBER = 2;
    private static final int TEXT = 3;
    private static final int FLAG = 4;

    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;
    private static final int RUNNING = 3;

    private static final int MAX_CHARACTERS = 250;
    /** A length beyond which no more params are told, far below what a record may hold. */
    private static final int MAX_BYTES = 400_000;

    private static final int MAX_DIGITS = 40;
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");

    private HparamsEncoder() {}

    /** Encodes the beginning of a run: its name, as that of a session group, and its params. */
    static void start(Hparams run, Protobuf out) {
        Protobuf info = new Protobuf();
        for (Map.Entry<String, String> param : run.params().entrySet()) {
            if (info.size() > MAX_BYTES) {
                break;
            }
            Protobuf entry = new Protobuf();
            entry.text(ENTRY_KEY, param.getKey());
            entry.bytes(ENTRY_VALUE, value(param.getValue()));
            info.bytes(ENTRY, entry.toBytes());
        }
        info.text(GROUP_NAME, run.name());
        info.fixed64(START_SECONDS, seconds(run.started()));
        event(START_TAG, START_INFO, info, run.started(), out);
    }

    /** Encodes the end of a run, or that it runs again. */
    static void end(Hparams run, Protobuf out) {
        Instant ended = run.ended();
        Protobuf info = new Protobuf();
        info.varint(STATUS, status(run));
        if (ended != null) {
            info.fixed64(END_SECONDS, seconds(ended));
        }
        event(END_TAG, END_INFO, info, ended == null ? run.started() : ended, out);
    }

    private static int status(Hparams run) {
        return switch (run.status()) {
            case FINISHED -> SUCCESS;
            case FAILED, KILLED -> FAILURE;
            case SCHEDULED, RUNNING, UNKNOWN -> RUNNING;
        };
    }

    private static void event(String tag, int field, Protobuf info, Instant at, Protobuf out) {
        Protobuf content = new Protobuf();
        content.bytes(field, info.toBytes());
        Protobuf plugin = new Protobuf();
        plugin.text(PLUGIN_NAME, PLUGIN);
        plugin.bytes(CONTENT, content.toBytes());
        Protobuf metadata = new Protobuf();
        metadata.bytes(PLUGIN_DATA, plugin.toBytes());
        metadata.varint(DATA_CLASS, TENSOR_CLASS);
        Protobuf value = new Protobuf();
        value.text(EventFormat.TAG, tag);
        value.bytes(TENSOR, EMPTY_TENSOR);
        value.bytes(METADATA, metadata.toBytes());
        Protobuf summary = new Protobuf();
        summary.bytes(EventFormat.VALUE, value.toBytes());
        int start = out.beginRecord();
        out.fixed64(EventFormat.WALL_TIME, seconds(at));
        out.bytes(EventFormat.SUMMARY, summary.toBytes());
        out.endRecord(start);
    }

    private static long seconds(Instant time) {
        return Double.doubleToRawLongBits(time.toEpochMilli() / 1000.0);
    }

    /** Encodes the text of a param as what it means, so that the tab can sort by it. */
    private static byte[] value(String text) {
        Protobuf value = new Protobuf();
        if (isNumber(text)) {
            value.fixed64(NUMBER, Double.doubleToRawLongBits(Double.parseDouble(text)));
        } else if (text.equals("true") || text.equals("false")) {
            value.varint(FLAG, text.equals("true") ? 1 : 0);
        } else {
            value.text(TEXT, cut(text));
        }
        return value.toBytes();
    }

    /** Returns whether a text is a number that a double holds to its last digit; a long seed, say, is better a text. */
    private static boolean isNumber(String text) {
        if (text.length() > MAX_DIGITS || !DECIMAL.matcher(text).matches()) {
            return false;
        }
        double number = Double.parseDouble(text);
        return Double.isFinite(number) && new BigDecimal(text).compareTo(new BigDecimal(Double.toString(number))) == 0;
    }

    private static String cut(String text) {
        if (text.length() <= MAX_CHARACTERS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_CHARACTERS - 1)) ? MAX_CHARACTERS - 1 : MAX_CHARACTERS;
        return text.substring(0, end) + "…";
    }
}
