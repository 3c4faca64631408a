package io.mlops.backends.fs.event;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The event files that this process is writing, for all runs of a store. Thread-safe. */
public final class RunWriters {
    /** Number of event files that stay open. Those who write into more runs at once pay with more and shorter files. */
    static final int MAX_OPEN_FILES = 100;

    private static final int MAX_RUNS_WITH_LOSSES = 10_000;

    /** A finder of the folders of runs. */
    @FunctionalInterface
    public interface Folders {
        /**
         * Finds the folder of a run.
         *
         * @throws NotFoundException if there is no such run
         */
        Path get(RunId run) throws IOException;
    }

    /** A step during which this process appends nothing to a run. */
    @FunctionalInterface
    public interface SyncedStep<T extends @Nullable Object> {
        /** Runs the step on the run whose files are synced. */
        T run(SyncedRun synced) throws IOException;
    }

    /**
     * The writers of one run. The first of them writes in the run's own folder if the run is this process's; each other
     * one has a folder of its own.
     */
    private static final class Writers {
        /** Open writers by name; guarded by the lock of {@link RunWriters}. */
        private final Map<String, MetricWriter> byName = new LinkedHashMap<>();
        /** Set once a writer writes in the run's own folder; guarded by the lock of {@link RunWriters}. */
        private boolean main;
    }

    /** Number of points in the earlier files of a writer, and the greatest sequence number of those files. */
    private record Earlier(long points, long sequence) {}

    private final Store store;
    private final Folders folders;
    private final ReentrantLock lock = new ReentrantLock();

    // All are guarded by the lock; buffers that no thread uses right now wait here for the next append.
    private final Map<RunId, Writers> open = new LinkedHashMap<>();

    /** Writers that may have a file open, the one used least recently first. */
    private final Set<MetricWriter> recent = new LinkedHashSet<>();

    /** Number of durable points that are gone, by run and writer. */
    private final Map<RunId, Map<String, Long>> missing = new HashMap<>();

    private final ArrayDeque<Protobuf> buffers = new ArrayDeque<>();

    /** Makes the writers of a store whose runs lie in these folders. */
    public RunWriters(Store store, Folders folders) {
        this.store = store;
        this.folders = folders;
    }

    /**
     * Appends those points of a batch that are not in its writer's files yet, without a sync; returns the number of the
     * writer's points that are there now. Blocks while another thread appends or syncs for the same writer.
     */
    public long append(RunId run, MetricBatch batch) throws IOException {
        Protobuf buffer = takeBuffer();
        try {
            while (true) {
                MetricWriter writer = find(run, batch.writer());
                if (writer == null) {
                    writer = begin(run, batch.writer());
                }
                makeRoom(writer);
                writer.lock().lock();
                try {
                    if (!writer.closed()) {
                        return writer.append(batch, buffer);
                    }
                } finally {
                    writer.lock().unlock();
                }
            }
        } finally {
            giveBack(buffer);
        }
    }

    /**
     * Closes the file of another writer if too many are open: the one used least recently of those that are durable, or
     * else that used least recently.
     */
    private void makeRoom(MetricWriter user) {
        List<MetricWriter> others;
        lock.lock();
        try {
            recent.remove(user);
            others = recent.size() < MAX_OPEN_FILES ? List.of() : List.copyOf(recent);
            recent.add(user);
        } finally {
            lock.unlock();
        }
        if (!closeFirst(others, MetricWriter::closeIfDurable)) {
            closeFirst(others, MetricWriter::closeDurably);
        }
    }

    private boolean closeFirst(List<MetricWriter> writers, Predicate<MetricWriter> closing) {
        for (MetricWriter writer : writers) {
            // One that another thread uses now is not the least recent any more.
            if (writer.lock().tryLock()) {
                try {
                    if (closing.test(writer)) {
                        forgetUse(List.of(writer));
                        return true;
                    }
                } finally {
                    writer.lock().unlock();
                }
            }
        }
        return false;
    }

    private void forgetUse(Collection<MetricWriter> writers) {
        lock.lock();
        try {
            recent.removeAll(writers);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes what this process appended to a run durable, but for the names in the run's own folder, and runs a step
     * while it appends nothing to the run.
     *
     * @param changes what the step will do to the run
     */
    public <T extends @Nullable Object> T whileSynced(
            RunId run, Path folder, List<RunChange> changes, SyncedStep<T> step) throws IOException {
        List<MetricWriter> mine = of(run);
        mine.forEach(writer -> writer.lock().lock());
        try {
            MetricWriter main = null;
            Set<Path> synced = new HashSet<>();
            for (MetricWriter writer : mine) {
                if (writer.tells()) {
                    main = writer;
                    tell(writer, changes);
                }
                Path file = writer.sync();
                if (file != null && synced.add(file) && !folder.equals(Disk.folderOf(file))) {
                    // The run's own folder is synced last, a joined writer's would not be.
                    store.disk().syncFolder(Disk.folderOf(file));
                }
            }
            return step.run(new SyncedRun(store, synced, !mine.isEmpty(), main));
        } finally {
            mine.forEach(writer -> writer.lock().unlock());
        }
    }

    private void tell(MetricWriter writer, List<RunChange> changes) throws IOException {
        Protobuf buffer = takeBuffer();
        try {
            writer.tell(changes, buffer);
        } finally {
            giveBack(buffer);
        }
    }

    private List<MetricWriter> of(RunId run) {
        lock.lock();
        try {
            Writers writers = open.get(run);
            return writers == null ? List.of() : List.copyOf(writers.byName.values());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes the files that no thread is writing right now and that are durable, after a failure that may come from too
     * many open files: otherwise the process could not even end its runs.
     */
    public void closeIdle() {
        List<MetricWriter> all = new ArrayList<>();
        lock.lock();
        try {
            open.values().forEach(writers -> all.addAll(writers.byName.values()));
        } finally {
            lock.unlock();
        }
        for (MetricWriter writer : all) {
            if (writer.lock().tryLock()) {
                try {
                    boolean unused = writer.closeIfDurable();
                } finally {
                    writer.lock().unlock();
                }
            }
        }
    }

    /** Closes the writers of a run that has ended, without a sync; a later append begins new files. */
    public void forget(RunId run) {
        Writers gone;
        lock.lock();
        try {
            gone = open.remove(run);
        } finally {
            lock.unlock();
        }
        if (gone != null) {
            forgetUse(gone.byName.values());
            gone.byName.values().forEach(RunWriters::close);
        }
    }

    /** Closes the writers of a run that is gone, and forgets what they missed. */
    public void discard(RunId run) {
        forget(run);
        lock.lock();
        try {
            missing.remove(run);
        } finally {
            lock.unlock();
        }
    }

    /** Closes the writers of all runs, without a sync. */
    public void close() {
        List<RunId> all;
        lock.lock();
        try {
            all = List.copyOf(open.keySet());
        } finally {
            lock.unlock();
        }
        all.forEach(this::forget);
    }

    private static void close(MetricWriter writer) {
        ReentrantLock guard = writer.lock();
        guard.lock();
        try {
            writer.close();
        } finally {
            guard.unlock();
        }
    }

    private @Nullable MetricWriter find(RunId run, String writer) {
        lock.lock();
        try {
            Writers writers = open.get(run);
            return writers == null ? null : writers.byName.get(writer);
        } finally {
            lock.unlock();
        }
    }

    private MetricWriter begin(RunId run, String writer) throws IOException {
        Path folder = folders.get(run);
        Json json = store.documents().findUnlessEmpty(folder.resolve(Layout.RUN));
        if (json == null) {
            throw new NotFoundException(
                    "no run " + run + " in " + store.layout().root());
        }
        Earlier earlier = earlierFilesOf(writer, folder);
        boolean mine = store.owners().self().equals(RunJson.owner(json));
        lock.lock();
        try {
            Writers writers = open.computeIfAbsent(run, id -> new Writers());
            MetricWriter there = writers.byName.get(writer);
            if (there != null) {
                return there;
            }
            // Two writers of one key in one folder would hide each other's points from TensorBoard.
            Path place = mine && !writers.main ? folder : Layout.joined(folder, writer);
            RunInfo told = place.equals(folder) ? RunJson.read(json, "") : null;
            if (told == null) {
                store.disk().makeFolder(place);
            } else {
                writers.main = true;
            }
            MetricWriter begun = new MetricWriter(
                    store,
                    place,
                    writer,
                    earlier.points(),
                    earlier.sequence(),
                    told,
                    points -> addMissing(run, writer, points));
            writers.byName.put(writer, begun);
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** Counts what a writer has written before, maybe in another folder, so that it goes on behind that. */
    private Earlier earlierFilesOf(String writer, Path folder) throws IOException {
        long count = 0;
        long sequence = 0;
        for (EventFile file : EventFile.of(store, folder)) {
            if (file.writer().equals(writer)) {
                sequence = Math.max(sequence, file.sequence());
                try (EventReader reader = file.open(store.damage(), 0, Long.MAX_VALUE)) {
                    count += reader == null ? 0 : new EventPoints().count(reader);
                }
            }
        }
        return new Earlier(count, sequence);
    }

    private void addMissing(RunId run, String writer, long points) {
        lock.lock();
        try {
            if (missing.size() >= MAX_RUNS_WITH_LOSSES) {
                missing.clear();
            }
            missing.computeIfAbsent(run, id -> new HashMap<>()).merge(writer, points, Long::sum);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many points of a writer were durable and are no longer in the files that it wrote in this process. */
    public long missing(RunId run, String writer) {
        lock.lock();
        try {
            return missing.getOrDefault(run, Map.of()).getOrDefault(writer, 0L);
        } finally {
            lock.unlock();
        }
    }

    private Protobuf takeBuffer() {
        lock.lock();
        try {
            Protobuf buffer = buffers.poll();
            return buffer == null ? new Protobuf() : buffer;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Protobuf buffer) {
        buffer.clear();
        lock.lock();
        try {
            buffers.push(buffer);
        } finally {
            lock.unlock();
        }
    }
}
