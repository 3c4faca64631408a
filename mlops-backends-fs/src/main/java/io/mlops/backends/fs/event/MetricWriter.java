package io.mlops.backends.fs.event;

import io.mlops.api.common.ConflictException;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event files of one writer in one run. Only this object appends to a file, and never again after a failure or after
 * somebody else changed it: points that were not durable then are forgotten, and the next file says up to which length
 * this one counts. Callers hold {@link #lock} for each call, and it guards every field that changes.
 */
final class MetricWriter {
    private static final int WRITE_BYTES = 1 << 18;
    private static final Logger LOG = LoggerFactory.getLogger(MetricWriter.class);

    private final Store store;
    private final Disk disk;
    private final Path folder;
    private final String writer;
    private final LongConsumer missing;
    private final ReentrantLock lock = new ReentrantLock();
    private final EventEncoder encoder = new EventEncoder();
    private @Nullable FileChannel channel;
    private @Nullable OwnFile file;
    private long sequence;
    /** The length of the open file; what lies beyond {@link #durableLength} is not synced yet. */
    private long length;

    private long durableLength;
    /**
     * Number of points that were appended since the writer's first; those from {@link #durable} on are not synced yet.
     */
    private long appended;

    private long durable;
    /** Number of points before the first one in the open file. */
    private long before;

    /** Closed files; all of each is durable. */
    private final List<OwnFile.Closed> closedFiles = new ArrayList<>();

    private final List<EventEncoder.FailedFile> failed = new ArrayList<>();
    /** The reason why points were forgotten of which no caller has heard; null if there are none. */
    private @Nullable IOException forgotten;

    /** The run as far as this process knows it, if this writer is the one to tell TensorBoard of its params. */
    private @Nullable RunInfo known;
    /** What TensorBoard was told of them; null if nothing. */
    private @Nullable Hparams told;
    /** True once another file tells it, which TensorBoard reads before all of the event files. */
    private boolean toldElsewhere;

    private boolean closed;

    /**
     * Makes a writer that begins a new file with its first batch.
     *
     * @param appended the number of points that earlier files of this writer hold
     * @param sequence the number of the last of those files, 0 if there is none
     * @param known the run, if this writer is to tell TensorBoard of its params
     * @param missing is told how many points were durable and are gone, since somebody else removed them
     */
    MetricWriter(
            Store store,
            Path folder,
            String writer,
            long appended,
            long sequence,
            @Nullable RunInfo known,
            LongConsumer missing) {
        this.store = store;
        this.disk = store.disk();
        this.folder = folder;
        this.writer = writer;
        this.appended = appended;
        this.durable = appended;
        this.sequence = sequence;
        this.known = known;
        this.missing = missing;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Returns whether it was closed, so that the caller needs a new writer. */
    boolean closed() {
        return closed;
    }

    /**
     * Appends those points of a batch that are not in the files yet, without a sync; returns the number of points that
     * are there now.
     */
    long append(MetricBatch batch, Protobuf out) throws IOException {
        tellForgotten();
        checkOpenFile();
        if (batch.offset() > appended) {
            throw new ConflictException("there are " + appended + " points of writer " + batch.writer() + " in "
                    + folder + ", those from " + batch.offset() + " on cannot follow: send what is between");
        }
        int from = (int) Math.min(appended - batch.offset(), batch.size());
        if (from == batch.size()) {
            return appended;
        }
        try {
            if (channel == null) {
                begin(batch.epochMillis(from) / 1000.0, out);
            }
            while (from < batch.size()) {
                from = encoder.points(batch, from, out, WRITE_BYTES);
                write(out);
            }
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        }
        appended = batch.offset() + batch.size();
        return appended;
    }

    /**
     * Syncs the open file, which makes the appended points durable, but not the file's name. Returns the file; null if
     * none is open. Fails if somebody else changed the file, so that its points must be sent again.
     */
    @Nullable
    Path sync() throws IOException {
        tellForgotten();
        checkClosedFiles();
        syncOpenFile();
        OwnFile current = file;
        return current == null ? null : current.path();
    }

    /** Returns whether this writer is the one to tell TensorBoard of the run's params. */
    boolean tells() {
        return known != null;
    }

    /** Returns what TensorBoard was told of the run's params; null if nothing. */
    @Nullable
    Hparams told() {
        return told;
    }

    /** Notes what TensorBoard was told in another file. */
    void toldElsewhere(Hparams now) {
        told = now;
        toldElsewhere = true;
    }

    /**
     * Tells TensorBoard what changes make of the run, without a sync: its params once it has some, and its end. Only in
     * the first event file of the folder, since TensorBoard keeps what it is told first.
     */
    void tell(List<RunChange> changes, Protobuf out) throws IOException {
        RunInfo before = known;
        if (before == null) {
            return;
        }
        RunInfo after = after(before, changes);
        known = after;
        if (channel == null || sequence != 1 || toldElsewhere) {
            return;
        }
        Hparams now = Hparams.of(after);
        if (told == null && (now.hasEnded() || !now.params().isEmpty())) {
            HparamsEncoder.start(now, out);
            told = new Hparams(now.name(), now.started(), now.params(), RunStatus.RUNNING, null);
        }
        if (told != null && now.hasEnded() && !told.hasEnded()) {
            HparamsEncoder.end(now, out);
            told = now.endOf(told);
        }
        if (out.size() > 0) {
            try {
                write(out);
            } catch (IOException | RuntimeException e) {
                abandon();
                throw e;
            }
        }
    }

    private static RunInfo after(RunInfo before, List<RunChange> changes) {
        try {
            return changes.isEmpty()
                    ? before
                    : RunState.of(before).apply(changes).info();
        } catch (ConflictException refused) {
            return before;
        }
    }

    /** Closes the file if all of it is durable; the next append begins another one. Returns whether none is open. */
    boolean closeIfDurable() {
        OwnFile current = file;
        if (current != null && durableLength == length) {
            closedFiles.add(new OwnFile.Closed(current.path(), length, durable - before));
            closeChannel();
        }
        return file == null;
    }

    /** Makes the file durable and closes it; a failure is told by the next append or sync. Returns true. */
    boolean closeDurably() {
        try {
            syncOpenFile();
        } catch (IOException e) {
            forgotten = e;
        }
        return closeIfDurable();
    }

    void close() {
        closed = true;
        closeChannel();
    }

    private void begin(double wallSeconds, Protobuf out) throws IOException {
        // Never a name twice: a reader of the file that had it would not notice another one.
        sequence = 1 + Math.max(sequence, EventFile.lastSequence(disk, folder));
        Path next = folder.resolve(EventFile.fileName(sequence, writer));
        channel = disk.create(next);
        file = OwnFile.made(next);
        length = 0;
        durableLength = 0;
        before = appended;
        EventEncoder.header(writer, failed, wallSeconds, out);
        write(out);
    }

    private void write(Protobuf out) throws IOException {
        FileChannel open = channel;
        OwnFile current = file;
        if (open == null || current == null) {
            throw new IOException("no event file is open in " + folder);
        }
        long bytes = out.size();
        disk.append(open, current.path(), out.view());
        out.clear();
        length += bytes;
    }

    private void syncOpenFile() throws IOException {
        FileChannel open = channel;
        OwnFile current = file;
        if (open == null || current == null) {
            return;
        }
        if (durableLength < length) {
            try {
                disk.sync(open, current.path());
            } catch (IOException e) {
                abandon();
                throw e;
            }
        }
        // Before its points count as durable: those that are forgotten with it are sent again.
        checkOpenFile();
        if (file != null) {
            durableLength = length;
            durable = appended;
            failed.clear();
        }
    }

    private void tellForgotten() throws IOException {
        IOException why = forgotten;
        forgotten = null;
        if (why != null) {
            throw why;
        }
    }

    /** Leaves the open file if somebody removed, cut or replaced it; fails if points were forgotten with it. */
    private void checkOpenFile() throws IOException {
        OwnFile current = file;
        if (current == null || current.isAsWritten(length)) {
            return;
        }
        boolean forgets = durable < appended;
        tellMissing(current.path(), durableLength, durable - before);
        long there = OwnFile.length(current.path());
        // One that is gone may be put back as it was.
        long goodLength = there == 0 ? durableLength : Math.min(there, durableLength);
        closeChannel();
        told = null;
        appended = durable;
        failed.add(new EventEncoder.FailedFile(current.path().getFileName().toString(), goodLength));
        if (forgets) {
            throw new IOException(current.path()
                    + " was removed or changed by somebody else while it was written: what it lacks is written again");
        }
    }

    private void checkClosedFiles() throws IOException {
        List<OwnFile.Closed> changed = new ArrayList<>();
        for (OwnFile.Closed closedFile : closedFiles) {
            if (!closedFile.isThere()) {
                changed.add(closedFile);
            }
        }
        closedFiles.removeAll(changed);
        for (OwnFile.Closed gone : changed) {
            tellMissing(gone.path(), gone.length(), gone.points());
        }
    }

    private void tellMissing(Path path, long expected, long points) throws IOException {
        long there = Math.min(expected, OwnFile.length(path));
        long lost = points - OwnFile.points(path, there);
        if (there < expected) {
            store.damage().missing(path, there, expected);
        }
        if (lost > 0) {
            missing.accept(lost);
        }
    }

    /**
     * Gives up the open file after a failure, since the system may have thrown away what it could not write; back to
     * what was durable.
     */
    private void abandon() {
        OwnFile current = file;
        closeChannel();
        told = null;
        appended = durable;
        if (current != null && !(durableLength == 0 && deleted(current.path()))) {
            failed.add(new EventEncoder.FailedFile(current.path().getFileName().toString(), durableLength));
        }
    }

    /**
     * Deletes a file that holds nothing, since a disk that stays full would get another one with each try; returns
     * whether it is gone.
     */
    private boolean deleted(Path empty) {
        try {
            disk.delete(empty);
            return true;
        } catch (IOException e) {
            LOG.debug("an event file that holds nothing could not be deleted: {}", empty, e);
            return false;
        }
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Everything that counts was synced before; a file that cannot be closed is not written to again.
                LOG.debug("an event file in {} could not be closed", folder, e);
            }
        }
    }
}
