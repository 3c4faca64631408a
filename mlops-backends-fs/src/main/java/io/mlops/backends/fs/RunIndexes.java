package io.mlops.backends.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The indexes of the experiments that were searched last, as many as fit. Thread-safe. */
final class RunIndexes {
    private static final long MAX_BYTES = 48L << 20;

    private final Store store;
    private final RunFolders folders;
    private final Map<Path, RunIndex> indexes = new LinkedHashMap<>(16, 0.75f, true);

    RunIndexes(Store store, RunFolders folders) {
        this.store = store;
        this.folders = folders;
    }

    /** The runs of an experiment that is not in the trash. */
    RunIndex.Snapshot now(Path experiment) throws IOException {
        RunIndex index = of(experiment);
        RunIndex.Snapshot runs = index.now();
        forget(experiment);
        return runs;
    }

    private synchronized RunIndex of(Path experiment) {
        return indexes.computeIfAbsent(experiment, folder -> new RunIndex(store, folders, folder));
    }

    /** Those that were not searched for the longest time, if all of them take too much. */
    private synchronized void forget(Path butNot) {
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
