package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunRoom;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The facts that a run has recorded, as far as later calls depend on it: params are written once, and all of it must
 * fit into one document that is read and replaced as a whole. Guarded by the run's buffer.
 */
final class KnownFacts {
    private final RunId run;
    private final RunRoom room;
    private final Map<String, String> params = new HashMap<>();
    private final Map<String, Integer> tagLengths = new HashMap<>();
    private final Set<RunFact> references = new HashSet<>();

    KnownFacts(RunId run) {
        this.run = run;
        this.room = new RunRoom(run, IllegalArgumentException::new);
    }

    /** Takes in what an earlier part of the run has stored, which may be more if several processes recorded it. */
    void continueFrom(RunInfo info) {
        room.fill(info);
        params.putAll(info.params());
        // Loops, since every run comes here, and each lambda costs the first one of a process.
        for (Map.Entry<String, String> tag : info.tags().entrySet()) {
            tagLengths.put(tag.getKey(), tag.getValue().length());
        }
        for (RunInput input : info.inputs()) {
            references.add(new RunFact.Used(input));
        }
        for (ModelVersionId model : info.outputs()) {
            references.add(new RunFact.Produced(model));
        }
    }

    /**
     * Takes a fact in.
     *
     * @throws ConflictException if the run knows another value of the param
     * @throws IllegalArgumentException if the run has too much already
     */
    void add(RunFact fact) {
        if (fact instanceof RunFact.ParamSet param) {
            addParam(param);
        } else if (fact instanceof RunFact.Tagged tag) {
            addTag(tag);
        } else if (fact instanceof RunFact.Untagged untagged) {
            Integer before = tagLengths.remove(untagged.key());
            if (before != null) {
                room.removeTag(untagged.key(), before);
            }
        } else if (fact instanceof RunFact.Used used) {
            if (!references.contains(fact)) {
                room.addInput(used.input());
                references.add(fact);
            }
        } else if (fact instanceof RunFact.Produced produced) {
            if (!references.contains(fact)) {
                room.addOutput(produced.model());
                references.add(fact);
            }
        } else if (!isReplaced(fact)) {
            throw new IllegalStateException("no case for " + fact.getClass().getName());
        }
    }

    /** Whether a fact takes the place of the one before, so that there is never more than one. */
    private static boolean isReplaced(RunFact fact) {
        return fact instanceof RunFact.Renamed || fact instanceof RunFact.RanIn;
    }

    private void addParam(RunFact.ParamSet param) {
        String known = params.get(param.key());
        if (known == null) {
            room.addParam(param.key(), param.value());
            params.put(param.key(), param.value());
        } else if (!known.equals(param.value())) {
            throw new ConflictException("param '" + param.key() + "' of run " + run + " is '" + known
                    + "' and cannot become '" + param.value()
                    + "': params are written once, use a tag or another run");
        }
    }

    private void addTag(RunFact.Tagged tag) {
        Integer before = tagLengths.get(tag.key());
        int length = tag.value().length();
        if (before == null) {
            room.addTag(tag.key(), length);
        } else {
            room.changeTag(tag.key(), before, length);
        }
        tagLengths.put(tag.key(), length);
    }
}
