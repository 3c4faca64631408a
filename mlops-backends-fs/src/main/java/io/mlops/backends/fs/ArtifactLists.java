package io.mlops.backends.fs;

import io.mlops.backends.fs.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lists of artifacts that were used last, so that each is read once and then as far as it grows. Thread-safe. */
final class ArtifactLists {
    private static final int MAX_LISTS = 16;
    /** Number of artifacts in all lists that are kept, but for the last one: some 60 MB. */
    private static final int MAX_ARTIFACTS = 200_000;

    private final Store store;
    private final Object guard = new Object();
    /** By the folders of their runs, the one used last at the end; guarded by the guard. */
    private final Map<Path, ArtifactList> recent = new LinkedHashMap<>(MAX_LISTS, 0.75f, true);

    ArtifactLists(Store store) {
        this.store = store;
    }

    /** Brings the list of a run up to date and uses it, while no other thread does. */
    <T> T with(Path run, ArtifactList.Use<T> use) throws IOException {
        ArtifactList list;
        synchronized (guard) {
            list = recent.computeIfAbsent(run, folder -> new ArtifactList(store, folder));
        }
        T result = list.with(use);
        synchronized (guard) {
            forget();
        }
        return result;
    }

    /** Forgets what was used longest ago, as long as there is too much. */
    private void forget() {
        long artifacts = recent.values().stream().mapToLong(ArtifactList::size).sum();
        Iterator<ArtifactList> oldest = recent.values().iterator();
        while (recent.size() > 1 && (recent.size() > MAX_LISTS || artifacts > MAX_ARTIFACTS)) {
            artifacts -= oldest.next().size();
            oldest.remove();
        }
    }
}
