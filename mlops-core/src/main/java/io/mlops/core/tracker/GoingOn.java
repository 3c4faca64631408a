package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunStatus;

/** The rule for runs that are to go on where a program, or another one, left off. */
final class GoingOn {
    private GoingOn() {}

    /** Refuses a run that cannot go on; {@code place} tells people which store knows it so. */
    static void check(RunInfo known, String experiment, String place) {
        String run = "run " + known.id() + place;
        if (!known.experiment().equals(experiment)) {
            throw new ConflictException(run + " belongs to experiment '" + known.experiment()
                    + "' and cannot go on in '" + experiment + "': choose another id");
        }
        if (known.deleted()) {
            throw new ConflictException(run + " is deleted: restore it first, or choose another id");
        }
        if (known.status() == RunStatus.FINISHED) {
            throw new ConflictException(run + " has finished and cannot go on: choose another id");
        }
    }
}
