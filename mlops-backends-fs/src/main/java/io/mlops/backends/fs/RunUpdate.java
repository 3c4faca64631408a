package io.mlops.backends.fs;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.core.codec.Format;
import io.mlops.core.codec.Json;
import io.mlops.core.codec.RunJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Changes a run: event files synced, then {@code run.json} read, changed and replaced under the run's lock, so that what
 * it says of its points is never ahead of them. Three syncs. Thread-safe.
 */
final class RunUpdate {
    private final Store store;
    private final RunFolders folders;
    private final RunWriters writers;
    /** Runs whose document this process knows to be durable as it is. */
    private final Map<RunId, Boolean> durable = new ConcurrentHashMap<>();

    RunUpdate(Store store, RunFolders folders, RunWriters writers) {
        this.store = store;
        this.folders = folders;
        this.writers = writers;
    }

    void apply(RunId run, Path folder, List<RunChange> changes) throws IOException {
        List<MetricWriter> mine = writers.of(run);
        mine.forEach(writer -> writer.lock().lock());
        boolean ended;
        try {
            Set<Path> synced = new HashSet<>();
            for (MetricWriter writer : mine) {
                Path file = writer.sync();
                if (file != null && synced.add(file) && !folder.equals(Layout.folderOf(file))) {
                    // The run's own folder is synced last, a joined writer's would not be.
                    store.disk().syncFolder(Layout.folderOf(file));
                }
            }
            ended = store.lock().in("run " + run, () -> rewrite(run, folder, changes, synced));
        } finally {
            mine.forEach(writer -> writer.lock().unlock());
        }
        if (ended) {
            durable.remove(run);
            writers.forget(run);
        }
    }

    private boolean rewrite(RunId run, Path folder, List<RunChange> changes, Set<Path> synced) throws IOException {
        Json json = folders.document(folder);
        if (json == null) {
            throw new NotFoundException(
                    "no run " + run + " in " + store.layout().root());
        }
        Format.checkWritable(json);
        byte[] before = json.bytes();
        RunInfo known = RunJson.read(json, "");
        RunInfo after = known.after(changes);
        Map<String, MetricSummary> sums = folders.summaries().cover(folder, json, known.metrics(), synced);
        takeOver(changes, json);
        RunJson.write(after.metrics(sums), json);
        boolean same = Arrays.equals(before, json.bytes());
        if (!same || durable.putIfAbsent(run, true) == null) {
            durable.remove(run);
            store.documents().replace(folder.resolve(Layout.RUN), json);
            durable.put(run, true);
        }
        return after.status().ended();
    }

    /** A run that goes on belongs to this process, unless the one that it belonged to still writes it. */
    private void takeOver(List<RunChange> changes, Json json) {
        if (changes.stream().noneMatch(RunChange.Resumed.class::isInstance)) {
            return;
        }
        String self = store.owners().self().toString();
        if (self.equals(json.textOrNull(FsRunStore.OWNER)) || !folders.mayBeWritten(json)) {
            json.put(FsRunStore.OWNER, self);
        }
    }
}
