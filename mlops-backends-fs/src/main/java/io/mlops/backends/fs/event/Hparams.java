package io.mlops.backends.fs.event;

import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a run that TensorBoard's HPARAMS tab shows beside its metrics. Immutable.
 *
 * @param ended null while it runs
 */
record Hparams(
        String name,
        Instant started,
        Map<String, String> params,
        RunStatus status,
        @Nullable Instant ended) {
    static Hparams of(RunInfo run) {
        return new Hparams(run.name(), run.started(), run.params(), run.status(), run.ended());
    }

    boolean hasEnded() {
        return status.ended();
    }

    /** Returns what this tells of the end of a run with what another told of its beginning. */
    Hparams endOf(Hparams begun) {
        return new Hparams(begun.name, begun.started, begun.params, status, ended);
    }
}
