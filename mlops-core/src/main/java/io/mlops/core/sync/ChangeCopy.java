package io.mlops.core.sync;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import java.util.ArrayList;
import java.util.List;

/** Sends changes of a run; of those that are refused together, all but the ones to blame. One thread at a time. */
final class ChangeCopy {
    private final RunStore to;
    private final RunId run;
    private final Notices notices;

    ChangeCopy(RunStore to, RunId run, Notices notices) {
        this.to = to;
        this.run = run;
        this.notices = notices;
    }

    /** Sends the changes, none of which asks for durability alone; returns those that were taken. */
    List<RunChange> send(List<RunChange> changes) {
        List<RunChange> taken = new ArrayList<>();
        send(changes, taken);
        return taken;
    }

    private void send(List<RunChange> changes, List<RunChange> taken) {
        try {
            to.change(run, changes);
            taken.addAll(changes);
        } catch (IllegalArgumentException | MlopsException e) {
            if (!Refusal.isOfContent(e) || changes.isEmpty()) {
                throw e;
            }
            // A store that refuses whoever asks refuses an empty list, too.
            to.change(run, List.of());
            if (changes.size() == 1) {
                leaveOut(changes.get(0), e);
            } else {
                int half = changes.size() / 2;
                send(changes.subList(0, half), taken);
                send(changes.subList(half, changes.size()), taken);
            }
        }
    }

    private void leaveOut(RunChange change, RuntimeException why) {
        if (change instanceof RunFact) {
            notices.lost("run " + run, why, 1);
        } else {
            notices.conflict("run " + run, String.valueOf(why.getMessage()));
        }
    }
}
