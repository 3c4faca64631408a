package io.mlops.backends.fs.event;

import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run to which this process appends nothing right now, and whose files it has synced. Of one thread. */
public final class SyncedRun {
    /** The file of what the HPARAMS tab shows if the first event file tells something else; read before that by its name. */
    static final String HPARAMS = "hparams.tfevents";

    private static final Logger LOG = LoggerFactory.getLogger(SyncedRun.class);

    private final Store store;
    private final Set<Path> files;
    private final boolean writes;
    private final @Nullable MetricWriter main;

    /**
     * Makes it for a run whose writers are locked.
     *
     * @param writes whether this process has appended points to the run, maybe to files that are closed
     * @param main the one that writes in the run's own folder, null if there is none
     */
    SyncedRun(Store store, Set<Path> files, boolean writes, @Nullable MetricWriter main) {
        this.store = store;
        this.files = files;
        this.writes = writes;
        this.main = main;
    }

    /** Returns the open files of this process in the run; all of them are synced. */
    public Set<Path> files() {
        return files;
    }

    /** Returns whether this process has appended points to the run, maybe to files that are closed. */
    public boolean writes() {
        return writes;
    }

    /**
     * Lets TensorBoard know what a change made of the run, as far as the event files do not tell it. Nothing fails with it,
     * and a power cut may take it away, since {@code run.json} has it all.
     */
    public void show(Path folder, RunInfo before, RunInfo after) {
        Hparams now = Hparams.of(after);
        Hparams told = main == null ? null : main.told();
        boolean news = told == null ? !now.equals(Hparams.of(before)) : !now.equals(told);
        if (!news || (now.params().isEmpty() && !now.hasEnded())) {
            return;
        }
        try {
            // TensorBoard shows a run by its event files; one without points needs no other.
            if (EventFile.lastSequence(store.disk(), folder) > 0) {
                replace(folder.resolve(HPARAMS), now);
                if (main != null) {
                    main.toldElsewhere(now);
                }
            }
        } catch (IOException e) {
            LOG.debug("TensorBoard is not told of the params in {}", folder, e);
        }
    }

    private void replace(Path file, Hparams now) throws IOException {
        Protobuf out = new Protobuf();
        EventEncoder.header("hparams", List.of(), now.started().toEpochMilli() / 1000.0, out);
        HparamsEncoder.start(now, out);
        HparamsEncoder.end(now, out);
        Path staged = store.staging().place();
        try {
            store.disk().write(staged, out.toBytes(), false);
            store.disk().replace(staged, file);
        } catch (IOException e) {
            store.disk().deleteAfter(e, staged);
            throw e;
        }
    }
}
