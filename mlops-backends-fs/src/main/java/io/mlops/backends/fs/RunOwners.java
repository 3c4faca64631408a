package io.mlops.backends.fs;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Owner;
import io.mlops.core.disk.Owners;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that record a run, as its document lists them: the owner of its folder, and those that joined. Each is
 * told of the others once, since two that record one run are a mistake as a rule. Thread-safe.
 */
final class RunOwners {
    private static final Logger LOG = LoggerFactory.getLogger(RunOwners.class);
    /** Number of processes that one document lists, so that it stays small. */
    private static final int MAX_JOINED = 100;
    /** Number of processes after which all are forgotten, so that some warnings come twice. */
    private static final int MAX_REMEMBERED = 10_000;

    private final Owners owners;
    /** Runs with the processes that this one was told of; a concurrent map used as a set. */
    private final Map<String, Boolean> told = new ConcurrentHashMap<>();

    RunOwners(Owners owners) {
        this.owners = owners;
    }

    /**
     * Puts this process into the document of a run that it begins to record: as the owner of the folder, unless that one
     * lives, or as one that joined it.
     *
     * @param writes whether it has appended points
     * @param json the document as it is before the change
     * @param after the run as it is after the change
     */
    void note(List<RunChange> changes, boolean writes, Json json, RunInfo after) {
        boolean resumed = changes.stream().anyMatch(RunChange.Resumed.class::isInstance);
        Owner self = owners.self();
        Owner owner = RunJson.owner(json);
        boolean mine = self.equals(owner);
        if (after.status().ended()) {
            RunJson.putJoined(json, List.of());
        } else if (resumed && !mine && (RunJson.ended(json) || owner == null || !owners.lives(owner))) {
            RunJson.putOwner(json, self);
            RunJson.putJoined(json, living(json));
            mine = true;
        } else if ((resumed || writes) && !mine) {
            join(json);
        }
        if (!after.status().ended() && (mine || resumed || writes)) {
            tell(after.id(), json);
        }
    }

    private void join(Json json) {
        if (RunJson.joined(json).contains(owners.self())) {
            return;
        }
        List<Owner> joined = living(json);
        if (joined.size() < MAX_JOINED) {
            joined.add(owners.self());
            RunJson.putJoined(json, joined);
        }
    }

    /** Returns those that joined and live, without this process. */
    private List<Owner> living(Json json) {
        List<Owner> living = new ArrayList<>();
        for (Owner joined : RunJson.joined(json)) {
            if (!joined.equals(owners.self()) && owners.lives(joined)) {
                living.add(joined);
            }
        }
        return living;
    }

    private void tell(RunId run, Json json) {
        List<Owner> others = new ArrayList<>(RunJson.joined(json));
        Owner owner = RunJson.owner(json);
        if (owner != null) {
            others.add(owner);
        }
        // A program that has opened a store twice knows what it does.
        others.removeIf(other -> other.host().jvm().equals(owners.self().host().jvm()));
        for (Owner other : others) {
            String key = run + " " + other;
            if (!told.containsKey(key) && owners.lives(other)) {
                if (told.size() >= MAX_REMEMBERED) {
                    told.clear();
                }
                told.put(key, true);
                LOG.warn(
                        "run {} is recorded by {}, too: both go on, and what they record becomes one run; if that is a"
                                + " mistake, give each a run id of its own",
                        run,
                        owners.describe(other));
            }
        }
    }
}
