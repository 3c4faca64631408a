package io.mlops.backends.fs;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.core.codec.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The event files that this process is writing. Thread-safe. */
final class RunWriters {
    /** The writers of one run; the first of them in the run's own folder, if the run is this process's. */
    private static final class Writers {
        private final Map<String, MetricWriter> byName = new LinkedHashMap<>();
        private boolean main;
    }

    private record Earlier(long points, long sequence) {}

    private final Store store;
    private final RunFolders folders;
    private final Object lock = new Object();
    private final Map<RunId, Writers> open = new LinkedHashMap<>();
    private final ArrayDeque<Protobuf> buffers = new ArrayDeque<>();

    RunWriters(Store store, RunFolders folders) {
        this.store = store;
        this.folders = folders;
    }

    long append(RunId run, MetricBatch batch) throws IOException {
        Protobuf buffer = takeBuffer();
        try {
            while (true) {
                MetricWriter writer = find(run, batch.writer());
                if (writer == null) {
                    writer = begin(run, batch.writer());
                }
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

    /** The writers of a run that are open here. */
    List<MetricWriter> of(RunId run) {
        synchronized (lock) {
            Writers writers = open.get(run);
            return writers == null ? List.of() : List.copyOf(writers.byName.values());
        }
    }

    /**
     * Gives back the files that nobody is writing right now. A process that has as many open as it may could otherwise
     * not even end its runs.
     */
    void rest() {
        List<MetricWriter> all = new ArrayList<>();
        synchronized (lock) {
            open.values().forEach(writers -> all.addAll(writers.byName.values()));
        }
        for (MetricWriter writer : all) {
            if (writer.lock().tryLock()) {
                try {
                    writer.rest();
                } finally {
                    writer.lock().unlock();
                }
            }
        }
    }

    /** Closes the writers of a run that has ended; a later append begins new files. */
    void forget(RunId run) {
        Writers gone;
        synchronized (lock) {
            gone = open.remove(run);
        }
        if (gone != null) {
            gone.byName.values().forEach(RunWriters::close);
        }
    }

    void close() {
        List<RunId> all;
        synchronized (lock) {
            all = List.copyOf(open.keySet());
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
        synchronized (lock) {
            Writers writers = open.get(run);
            return writers == null ? null : writers.byName.get(writer);
        }
    }

    private MetricWriter begin(RunId run, String writer) throws IOException {
        Path folder = folders.get(run);
        Json json = folders.document(folder);
        if (json == null) {
            throw new NotFoundException(
                    "no run " + run + " in " + store.layout().root());
        }
        Earlier earlier = earlierFilesOf(writer, folder);
        boolean mine = store.owners().self().toString().equals(json.textOrNull(FsRunStore.OWNER));
        synchronized (lock) {
            Writers writers = open.computeIfAbsent(run, id -> new Writers());
            MetricWriter there = writers.byName.get(writer);
            if (there != null) {
                return there;
            }
            // Two writers of one key in one folder would hide each other's points from TensorBoard.
            Path place = mine && !writers.main ? folder : folder.resolve(EventFile.joinedFolder(writer));
            if (place.equals(folder)) {
                writers.main = true;
            } else {
                store.disk().makeFolder(place);
            }
            MetricWriter begun = new MetricWriter(store.disk(), place, writer, earlier.points(), earlier.sequence());
            writers.byName.put(writer, begun);
            return begun;
        }
    }

    /** What there is of a writer already, if a sync to this store goes on after a break, maybe in another folder. */
    private Earlier earlierFilesOf(String writer, Path folder) throws IOException {
        long[] count = new long[1];
        long sequence = 0;
        EventPoints points = new EventPoints();
        for (EventFile file : EventFile.of(store.disk(), folder)) {
            if (file.writer().equals(writer)) {
                sequence = Math.max(sequence, file.sequence());
                try (EventReader reader = new EventReader(file.path(), 0, file.goodLength())) {
                    while (reader.advance()) {
                        points.read(reader.data(), reader.dataFrom(), reader.dataLength(), (b, f, l, s, m, v) -> {
                            count[0]++;
                            return true;
                        });
                    }
                }
            }
        }
        return new Earlier(count[0], sequence);
    }

    private Protobuf takeBuffer() {
        synchronized (lock) {
            Protobuf buffer = buffers.poll();
            return buffer == null ? new Protobuf() : buffer;
        }
    }

    private void giveBack(Protobuf buffer) {
        buffer.clear();
        synchronized (lock) {
            buffers.push(buffer);
        }
    }
}
