package io.mlops.backends.fs.index;

import io.mlops.api.common.MlopsException;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.disk.FileStamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one experiment for searches. Runs that nobody writes any more are kept as records; the others are read
 * anew each time. Thread-safe: the lock guards every field that changes, but for {@link #bytes}, which is volatile.
 */
final class RunIndex {
    private static final Logger LOG = LoggerFactory.getLogger(RunIndex.class);
    /** Number of runs whose files each search checks, in turn, since a change by hand is announced by nobody. */
    private static final int LOOKED_AT = 64;

    /** A time after which the folder is listed again even if its own time has not changed. */
    private static final long LISTED_FOR_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MANY_CHANGES = 1000;
    private static final int FEW_CHANGES = 50;
    private static final long RECORD_OVERHEAD = 48;
    private static final long OVERHEAD = 2048;

    private final Store store;
    private final Function<Path, Optional<RunInfo>> reader;
    private final Path experiment;
    private final ReentrantLock lock = new ReentrantLock();
    private final ChangeLog log;
    /** Runs without a record, by the names of their folders; empty for a folder that holds no run, or none yet. */
    private final Map<String, Optional<RunInfo>> others = new TreeMap<>();

    private KeyTable keys;
    /** Records in the order of their folders' names; the list is never changed, but replaced. */
    private List<RunRecord> records = List.of();

    /** The stamp of the folder when it was last listed; null to begin anew with the next search. */
    private @Nullable FileStamp listed;
    /** True if {@link #listed} tells the folder from any later state of it. */
    private boolean listedForSure;

    private long listedAt;
    /** The place in {@link #records} of the last one checked. */
    private int next;
    /** Number of changes that the index file lacks. */
    private int unsaved;

    private volatile long bytes;

    RunIndex(Store store, Function<Path, Optional<RunInfo>> reader, Path experiment) {
        this.store = store;
        this.reader = reader;
        this.experiment = experiment;
        this.log = new ChangeLog(store.disk(), experiment);
        this.keys = new KeyTable(experiment);
    }

    /** Returns about how many bytes of memory the index takes; needs no lock. */
    long bytes() {
        return bytes;
    }

    /** Returns all runs as of now; blocks while another thread reads the experiment. */
    RunIndexes.Snapshot snapshot() throws IOException {
        lock.lock();
        try {
            FileStamp folder = FileStamp.find(experiment);
            boolean opened = listed == null || folder == null || !Objects.equals(folder.key(), listed.key());
            if (opened) {
                open();
            }
            Set<String> due = new HashSet<>();
            // The log before the runs: what is announced from here on is for the next search.
            boolean told = log.poll(due) && !opened;
            if (folder != null) {
                refresh(folder, !told, due);
            }
            return new RunIndexes.Snapshot(
                    records, others.values().stream().flatMap(Optional::stream).toList());
        } catch (IOException | RuntimeException e) {
            // What was announced and not read yet must not be forgotten.
            listed = null;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Begins with the records that the index file holds, since the folder is new to this process, or gone. */
    private void open() {
        IndexFile.Contents saved = IndexFile.read(experiment);
        others.clear();
        keys = saved == null ? new KeyTable(experiment) : saved.keys();
        records = saved == null ? List.<RunRecord>of() : saved.records();
        bytes = size();
        unsaved = 0;
    }

    private void refresh(FileStamp folder, boolean lookAtAll, Set<String> due) throws IOException {
        due.addAll(others.keySet());
        // A run that is made within a tick of the file system's clock leaves the folder's time as it is.
        boolean sure = folder.isDistinctive();
        int looks = lookAtAll ? records.size() : Math.min(LOOKED_AT, records.size());
        boolean allThere = lookAt(looks, due) && lookAtAll;
        if (lookAtAll || !folder.equals(listed) || !listedForSure || System.nanoTime() - listedAt > LISTED_FOR_NANOS) {
            list(allThere, due);
            listed = folder;
            listedForSure = sure;
            listedAt = System.nanoTime();
        }
        read(due);
        if (unsaved >= MANY_CHANGES || (unsaved >= FEW_CHANGES && unsaved >= records.size() / 8)) {
            save();
        }
    }

    /** Checks the files of so many records; changed runs become due. Returns whether the runs of all are there. */
    private boolean lookAt(int count, Set<String> due) {
        boolean allThere = true;
        for (int i = 0; i < count; i++) {
            next = next + 1 < records.size() ? next + 1 : 0;
            RunRecord record = records.get(next);
            try {
                FileStamp stamp = FileStamp.find(record.path().resolve(Layout.RUN));
                if (stamp != null && record.isOf(stamp)) {
                    continue;
                }
                allThere &= stamp != null;
            } catch (IOException e) {
                LOG.debug("{} cannot be looked at", record.path(), e);
            }
            due.add(record.folder());
        }
        return allThere;
    }

    /** Lists the folder; runs that are gone are forgotten, new ones become due. */
    private void list(boolean allThere, Set<String> due) throws IOException {
        List<String> names = store.disk().manyNames(experiment).stream()
                .filter(Layout::isRun)
                .toList();
        if (allThere && names.size() == records.size()) {
            others.clear();
            return;
        }
        BitSet there = new BitSet(records.size());
        Set<String> newOnes = new HashSet<>();
        for (String name : names) {
            int place = place(records, name);
            if (place >= 0) {
                there.set(place);
            } else {
                newOnes.add(name);
            }
        }
        others.keySet().retainAll(newOnes);
        due.addAll(newOnes);
        if (there.cardinality() < records.size()) {
            List<RunRecord> left = new ArrayList<>(records.size());
            for (int i = 0; i < records.size(); i++) {
                // A listing may fail half-way, and does not say so.
                if (there.get(i) || Files.exists(records.get(i).path())) {
                    left.add(records.get(i));
                }
            }
            unsaved += records.size() - left.size();
            records = List.copyOf(left);
        }
    }

    private static int place(List<RunRecord> records, String folder) {
        byte[] name = folder.getBytes(StandardCharsets.UTF_8);
        int low = 0;
        int high = records.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = records.get(middle).compareFolder(name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private void read(Set<String> due) {
        if (due.isEmpty()) {
            return;
        }
        List<RunRecord> fresh = new ArrayList<>();
        Set<String> notKept = new HashSet<>();
        for (String name : due) {
            RunRecord record = read(name);
            if (record == null) {
                notKept.add(name);
            } else {
                others.remove(name);
                fresh.add(record);
            }
        }
        replace(fresh, notKept);
    }

    /**
     * Reads a run and returns its record if nobody writes it; puts any other among {@link #others} and returns null.
     */
    private @Nullable RunRecord read(String name) {
        Path run = experiment.resolve(name);
        try {
            return read(name, run, FileStamp.find(run.resolve(Layout.RUN)));
        } catch (IOException e) {
            // A run that this process may not read, say, must not hide the others.
            store.damage().unreadable(run.resolve(Layout.RUN), e);
            others.put(name, Optional.empty());
            return null;
        }
    }

    private @Nullable RunRecord read(String name, Path run, @Nullable FileStamp stamp) throws IOException {
        if (stamp == null && !Files.isDirectory(run)) {
            others.remove(name);
            return null;
        }
        RunInfo info = reader.apply(run).orElse(null);
        boolean orphaned = info != null && info.orphaned() && !wasJoined(run);
        if (orphaned) {
            // Its writer may have written until it died, but not any more.
            info = reader.apply(run).orElse(null);
        }
        boolean over = info != null && (info.status().ended() || (orphaned && info.orphaned()));
        RunRecord record = info != null && over && stamp != null && stamp.isDistinctive()
                ? RunRecord.of(name, stamp, info, keys)
                : null;
        if (record == null) {
            others.put(name, Optional.ofNullable(info));
        }
        return record;
    }

    /** Returns whether another process joined the run while its owner lived: that one may live still. */
    private boolean wasJoined(Path run) throws IOException {
        return store.disk().names(run).stream().anyMatch(Layout::isJoined);
    }

    private void replace(List<RunRecord> fresh, Set<String> notKept) {
        List<RunRecord> old = records;
        BitSet gone = new BitSet();
        for (String name : notKept) {
            int place = place(old, name);
            if (place >= 0) {
                gone.set(place);
            }
        }
        fresh.forEach(record -> {
            int place = place(old, record.folder());
            if (place >= 0) {
                gone.set(place);
            }
        });
        if (fresh.isEmpty() && gone.isEmpty()) {
            return;
        }
        List<RunRecord> all = new ArrayList<>(old.size() + fresh.size());
        for (int i = 0; i < old.size(); i++) {
            if (!gone.get(i)) {
                all.add(old.get(i));
            }
        }
        all.addAll(fresh);
        all.sort(RunRecord::compareFolder);
        unsaved += fresh.size() + gone.cardinality();
        records = List.copyOf(all);
        bytes = size();
    }

    private long size() {
        return OVERHEAD
                + keys.size()
                + records.stream()
                        .mapToLong(record -> record.length() + RECORD_OVERHEAD)
                        .sum();
    }

    /**
     * Writes the index file, without a sync; never throws. Without it, the next process to open the store reads every
     * run.
     */
    private void save() {
        unsaved = 0;
        if (!store.writable() || store.links().find(experiment) != null) {
            return;
        }
        Path staged = null;
        try {
            staged = store.staging().place();
            store.disk().write(staged, out -> IndexFile.write(out, keys, records));
            store.disk().replace(staged, IndexFile.of(experiment));
        } catch (IOException | MlopsException e) {
            LOG.debug("no index is kept in {}", experiment, e);
            discard(staged);
        }
    }

    /** Deletes a staged file after a failure, since on a full disk a half-written file would keep it full. */
    private void discard(@Nullable Path staged) {
        try {
            if (staged != null) {
                store.disk().delete(staged);
            }
        } catch (IOException e) {
            LOG.debug("{} stays until this process ends", staged, e);
        }
    }
}
