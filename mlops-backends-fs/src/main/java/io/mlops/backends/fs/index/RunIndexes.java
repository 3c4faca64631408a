package io.mlops.backends.fs.index;

import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The indexes of the experiments that were searched last, as many as fit into a bounded memory. Thread-safe. */
public final class RunIndexes {
    /**
     * The runs of an experiment at one moment, in no order.
     *
     * @param records the runs that nobody writes any more
     * @param others the runs that may change any time
     */
    public record Snapshot(List<RunRecord> records, List<RunInfo> others) {}

    private static final long MAX_BYTES = 48L << 20;

    private final Store store;
    private final Function<Path, Optional<RunInfo>> reader;
    /** Indexes in the order of their last use; guarded by its own monitor, under which nothing is read or written. */
    private final Map<Path, RunIndex> indexes = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Makes the indexes of a store.
     *
     * @param reader reads the run in a folder, as one of an experiment without a name; empty if it is damaged or missing
     */
    public RunIndexes(Store store, Function<Path, Optional<RunInfo>> reader) {
        this.store = store;
        this.reader = reader;
    }

    /** Returns the runs of an experiment that is not in the trash; blocks while another thread reads the experiment. */
    public Snapshot snapshot(Path experiment) throws IOException {
        RunIndex index = of(experiment);
        Snapshot runs = index.snapshot();
        forget(experiment);
        return runs;
    }

    /** Runs a change to a run that nobody writes, and announces it to the searches of this and other processes. */
    public void announce(Path run, Disk.Action change) throws IOException {
        ChangeLog.announce(store.disk(), run, change);
    }

    /** Deletes the index file of an experiment, which may hold runs that are gone for good. */
    public void discard(Path experiment) throws IOException {
        if (store.links().find(experiment) == null) {
            store.disk().delete(IndexFile.of(experiment));
        }
    }

    private RunIndex of(Path experiment) {
        synchronized (indexes) {
            return indexes.computeIfAbsent(experiment, folder -> new RunIndex(store, reader, folder));
        }
    }

    /** Forgets the indexes that were not searched for the longest time, while all together take too much memory. */
    private void forget(Path butNot) {
        synchronized (indexes) {
            long bytes = indexes.values().stream().mapToLong(RunIndex::bytes).sum();
            Iterator<Map.Entry<Path, RunIndex>> eldest = indexes.entrySet().iterator();
            while (bytes > MAX_BYTES && eldest.hasNext()) {
                Map.Entry<Path, RunIndex> entry = eldest.next();
                if (!entry.getKey().equals(butNot)) {
                    bytes -= entry.getValue().bytes();
                    eldest.remove();
                }
            }
        }
    }
}
