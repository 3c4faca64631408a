package io.mlops.core.sync;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.SyncReport;
import io.mlops.api.tracker.RunInfo;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of a run that one call brought to the other backend.
 *
 * @param run the run as the source had it when the call began: if it has ended, all of it has been brought
 * @param changed whether this call changed anything at the target
 * @param points how many points this call brought
 * @param facts how many facts this call brought: params, tags, inputs, outputs, names and environments
 * @param artifacts how many artifacts this call brought
 * @param lost how many points and facts the target has not taken and never will, by reason; each is told once
 * @param conflicts what has not been forced; each is told once
 */
public record Brought(
        RunInfo run,
        boolean changed,
        long points,
        long facts,
        long artifacts,
        Map<Delivery.Reason, Long> lost,
        List<SyncReport.Conflict> conflicts) {
    public Brought {
        lost = Collections.unmodifiableMap(new TreeMap<>(lost));
        conflicts = List.copyOf(conflicts);
    }
}
