package io.mlops.backends.fs.index;

import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.query.SearchedRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run in a few hundred bytes, of which a search decodes only the parts that it asks for. Keys stand as numbers of a
 * {@link KeyTable}. Immutable.
 */
public final class RunRecord implements SearchedRun {
    // Offsets of what stands at a fixed place: the stamp of run.json, where each part begins, flags for what there is.
    static final int STAMP = 0;
    static final int PARAMS = STAMP + 20;
    static final int TAGS = PARAMS + 4;
    static final int METRICS = TAGS + 4;
    static final int INPUTS = METRICS + 4;
    static final int FLAGS = INPUTS + 4;
    static final int FOLDER = FLAGS + 1;

    static final int DELETED = 1;
    static final int ORPHANED = 2;
    static final int ENDED = 4;
    static final int OTHER_ID = 8;
    static final int OTHER_NAME = 16;
    static final int PARENT = 32;
    static final int OUTCOME = 64;

    static final int RANGE = 1;
    static final int OTHER_MIN = 2;
    static final int OTHER_MAX = 4;

    private final KeyTable keys;
    private final byte[] bytes;
    private final int from;
    private final int length;

    /** Makes a record of some of the bytes, which it may share with other records. */
    RunRecord(KeyTable keys, byte[] bytes, int from, int length) {
        this.keys = keys;
        this.bytes = bytes;
        this.from = from;
        this.length = length;
    }

    /** Makes the record of a run; null if the run holds something that a record cannot, such as half a character. */
    static @Nullable RunRecord of(String folder, FileStamp stamp, RunInfo run, KeyTable keys) {
        byte[] bytes = new RunPacking(keys, run).pack(folder, stamp);
        RunRecord record = new RunRecord(keys, bytes, 0, bytes.length);
        return record.run().equals(run) && record.folder().equals(folder) ? record : null;
    }

    int length() {
        return length;
    }

    void write(OutputStream out) throws IOException {
        out.write(bytes, from, length);
    }

    /** Returns the run's folder. */
    public Path path() {
        return keys.experiment().resolve(folder());
    }

    /** Returns the folder of the run's experiment. */
    public Path experiment() {
        return keys.experiment();
    }

    /** Returns the name of the run's folder. */
    String folder() {
        return reader(FOLDER).text();
    }

    /** Compares the names of two runs' folders by their UTF-8. */
    static int compareFolder(RunRecord a, RunRecord b) {
        PackedReader reader = b.reader(FOLDER);
        int size = reader.count();
        return a.compareFolder(b.bytes, reader.at(), reader.at() + size);
    }

    /** Compares the name of the run's folder with one in UTF-8. */
    int compareFolder(byte[] name) {
        return compareFolder(name, 0, name.length);
    }

    private int compareFolder(byte[] name, int begin, int end) {
        PackedReader reader = reader(FOLDER);
        int size = reader.count();
        return Arrays.compareUnsigned(bytes, reader.at(), reader.at() + size, name, begin, end);
    }

    /** Returns whether this was read from the {@code run.json} with this stamp. */
    boolean isOf(FileStamp stamp) {
        int at = from + STAMP;
        return PackedReader.fixedInt(bytes, at) == Objects.hashCode(stamp.key())
                && PackedReader.fixedLong(bytes, at + 4) == stamp.modified().to(TimeUnit.NANOSECONDS)
                && PackedReader.fixedLong(bytes, at + 12) == stamp.bytes();
    }

    /** Returns whether the run itself is marked as deleted; its experiment may be, too. */
    public boolean deleted() {
        return has(DELETED);
    }

    private boolean has(int flag) {
        return (bytes[from + FLAGS] & flag) != 0;
    }

    private PackedReader reader(int field) {
        return new PackedReader(bytes, from + field);
    }

    @Override
    public String id() {
        return has(OTHER_ID) ? new Head().id : folder();
    }

    @Override
    public String name() {
        return new Head().name;
    }

    @Override
    public @Nullable String parent() {
        return has(PARENT) ? new Head().parent : null;
    }

    @Override
    public RunStatus status() {
        return new Head().status;
    }

    @Override
    public long startedMillis() {
        return started().toEpochMilli();
    }

    @Override
    public @Nullable Long endedMillis() {
        return has(ENDED) ? new Head().endedMillis() : null;
    }

    private Instant started() {
        PackedReader reader = reader(FOLDER);
        reader.skipText();
        return reader.time(0);
    }

    @Override
    public @Nullable String param(String key) {
        return text(PARAMS, key);
    }

    @Override
    public @Nullable String tag(String key) {
        return text(TAGS, key);
    }

    private @Nullable String text(int part, String key) {
        int wanted = keys.find(key);
        PackedReader reader = part(part);
        for (int left = reader.count(); left > 0; left--) {
            if (reader.number() == wanted) {
                return reader.text();
            }
            reader.skipText();
        }
        return null;
    }

    @Override
    public @Nullable Double metric(String key) {
        PackedReader reader = atMetric(key);
        if (reader == null) {
            return null;
        }
        reader.skip(1);
        return reader.real();
    }

    @Override
    public @Nullable Double metricMin(String key) {
        PackedReader reader = atMetric(key);
        return reader == null ? null : extreme(reader, OTHER_MIN, 0);
    }

    @Override
    public @Nullable Double metricMax(String key) {
        PackedReader reader = atMetric(key);
        return reader == null ? null : extreme(reader, OTHER_MAX, OTHER_MIN);
    }

    /** Returns a reader that stands behind the key of a metric; null if the run has none of that key. */
    private @Nullable PackedReader atMetric(String key) {
        int wanted = keys.find(key);
        PackedReader reader = part(METRICS);
        for (int left = reader.count(); left > 0; left--) {
            if (reader.number() == wanted) {
                return reader;
            }
            skipMetric(reader);
        }
        return null;
    }

    /**
     * Reads the end of a metric's range; null if no range was kept.
     *
     * @param flag tells that this end is not the latest value
     * @param before tells that another end stands before this one
     */
    private static @Nullable Double extreme(PackedReader reader, int flag, int before) {
        int has = reader.octet();
        double latest = reader.real();
        if ((has & RANGE) == 0) {
            return null;
        }
        if ((has & flag) == 0) {
            return latest;
        }
        reader.skipNumber();
        reader.skipNumber();
        reader.skipNumber();
        reader.skip((has & before) != 0 ? 8 : 0);
        return reader.real();
    }

    private static void skipMetric(PackedReader reader) {
        int has = reader.octet();
        reader.skip(8);
        reader.skipNumber();
        reader.skipNumber();
        reader.skipNumber();
        if ((has & RANGE) != 0) {
            reader.skip(((has & OTHER_MIN) != 0 ? 8 : 0) + ((has & OTHER_MAX) != 0 ? 8 : 0));
            reader.skipNumber();
        }
    }

    @Override
    public List<RunInput> inputs() {
        return inputs(part(INPUTS));
    }

    /** Decodes the whole run, as one of an experiment without a name. */
    public RunInfo run() {
        Head head = new Head();
        PackedReader reader = part(INPUTS);
        List<RunInput> inputs = inputs(reader);
        List<ModelVersionId> outputs = new ArrayList<>();
        for (int left = reader.count(); left > 0; left--) {
            outputs.add(ModelVersionId.parse(reader.text()));
        }
        return new RunInfo(
                new RunId(head.id),
                head.id,
                "",
                head.name,
                head.status,
                head.started,
                head.ended,
                head.outcome,
                head.parent == null ? null : new RunId(head.parent),
                texts(part(PARAMS)),
                texts(part(TAGS)),
                metrics(head.started.getEpochSecond()),
                inputs,
                outputs,
                deleted(),
                has(ORPHANED));
    }

    private PackedReader part(int field) {
        return reader(PackedReader.fixedInt(bytes, from + field));
    }

    private Map<String, String> texts(PackedReader reader) {
        Map<String, String> texts = new HashMap<>();
        for (int left = reader.count(); left > 0; left--) {
            texts.put(keys.key(reader.count()), reader.text());
        }
        return texts;
    }

    private Map<String, MetricSummary> metrics(long base) {
        Map<String, MetricSummary> metrics = new HashMap<>();
        PackedReader reader = part(METRICS);
        for (int left = reader.count(); left > 0; left--) {
            String key = keys.key(reader.count());
            int has = reader.octet();
            double value = reader.real();
            MetricPoint latest = new MetricPoint(reader.signed(), reader.time(base), value);
            MetricSummary.Range range = (has & RANGE) == 0
                    ? null
                    : new MetricSummary.Range(
                            (has & OTHER_MIN) != 0 ? reader.real() : value,
                            (has & OTHER_MAX) != 0 ? reader.real() : value,
                            reader.number());
            metrics.put(key, new MetricSummary(latest, range));
        }
        return metrics;
    }

    private static List<RunInput> inputs(PackedReader reader) {
        List<RunInput> inputs = new ArrayList<>();
        for (int left = reader.count(); left > 0; left--) {
            String name = reader.text();
            Digest digest = Digest.parse(reader.text());
            String version = reader.text();
            inputs.add(new RunInput(
                    name,
                    digest,
                    version.isEmpty() ? null : DatasetVersionId.parse(version),
                    reader.text(),
                    reader.text()));
        }
        return inputs;
    }

    /** The fields that stand before the parts, decoded one after the other. */
    private final class Head {
        private final Instant started;
        private final @Nullable Instant ended;
        private final RunStatus status;
        private final String id;
        private final String name;
        private final @Nullable String parent;
        private final @Nullable RunOutcome outcome;

        Head() {
            PackedReader reader = reader(FOLDER);
            String folder = reader.text();
            started = reader.time(0);
            ended = has(ENDED) ? reader.time(started.getEpochSecond()) : null;
            status = RunStatus.valueOf(keys.key(reader.count()));
            id = has(OTHER_ID) ? reader.text() : folder;
            name = has(OTHER_NAME) ? reader.text() : id;
            parent = has(PARENT) ? reader.text() : null;
            outcome = has(OUTCOME) ? outcome(status, reader) : null;
        }

        private @Nullable Long endedMillis() {
            return ended == null ? null : (Long) ended.toEpochMilli();
        }

        private static RunOutcome outcome(RunStatus status, PackedReader reader) {
            if (status == RunStatus.FINISHED) {
                return new RunOutcome.Finished();
            }
            String message = reader.text();
            return status == RunStatus.KILLED
                    ? new RunOutcome.Killed(message)
                    : new RunOutcome.Failed(reader.text(), message);
        }
    }
}
