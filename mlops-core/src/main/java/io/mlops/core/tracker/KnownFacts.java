package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a run has recorded about itself, as far as later calls depend on it: params are written once, and all of it must
 * fit into one document that is read and replaced as a whole. Guarded by the run's buffer.
 */
final class KnownFacts {
    /** Of each kind: params, tags, data and models. */
    private static final int MAX_OF_A_KIND = 10_000;

    private static final int MAX_CHARACTERS = 4_000_000;

    private final RunId run;
    private final Map<String, String> params = new HashMap<>();
    private final Map<String, Integer> tags = new HashMap<>();
    private final Set<RunFact> references = new HashSet<>();
    private long characters;

    KnownFacts(RunId run) {
        this.run = run;
    }

    /** Goes on where a run left off; it may have more if several processes recorded it. */
    void continueFrom(RunInfo info) {
        params.putAll(info.params());
        info.params().forEach((key, value) -> characters += key.length() + value.length());
        info.tags().forEach((key, value) -> {
            tags.put(key, key.length() + value.length());
            characters += key.length() + value.length();
        });
        info.inputs().forEach(input -> addReference(new RunFact.Used(input)));
        info.outputs().forEach(model -> addReference(new RunFact.Produced(model)));
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
            Integer before = tags.remove(untagged.key());
            characters -= before == null ? 0 : before;
        } else if (!isReplaced(fact) && !references.contains(fact)) {
            checkRoom(references.size(), "data sets and models", "'" + nameOf(fact) + "'", sizeOf(fact));
            addReference(fact);
        }
    }

    /** Of these the last one counts, so that there is never more than one. */
    private static boolean isReplaced(RunFact fact) {
        return fact instanceof RunFact.Renamed || fact instanceof RunFact.RanIn;
    }

    private void addParam(RunFact.ParamSet param) {
        String known = params.get(param.key());
        if (known == null) {
            int size = param.key().length() + param.value().length();
            checkRoom(params.size(), "params", "'" + param.key() + "'", size);
            params.put(param.key(), param.value());
            characters += size;
        } else if (!known.equals(param.value())) {
            throw new ConflictException("param '" + param.key() + "' of run " + run + " is '" + known
                    + "' and cannot become '" + param.value()
                    + "': params are written once, use a tag or another run");
        }
    }

    private void addTag(RunFact.Tagged tag) {
        Integer before = tags.get(tag.key());
        int size = tag.key().length() + tag.value().length();
        int more = before == null ? size : size - before;
        checkRoom(before == null ? tags.size() : 0, "tags", "'" + tag.key() + "'", more);
        tags.put(tag.key(), size);
        characters += more;
    }

    private void addReference(RunFact fact) {
        if (references.add(fact)) {
            characters += sizeOf(fact);
        }
    }

    private void checkRoom(int before, String kind, String name, int more) {
        if (before >= MAX_OF_A_KIND || (more > 0 && characters + more > MAX_CHARACTERS)) {
            String has = before >= MAX_OF_A_KIND
                    ? MAX_OF_A_KIND + " " + kind
                    : MAX_CHARACTERS + " characters of params and tags";
            throw new IllegalArgumentException("run " + run + " has " + has + " and cannot take " + name
                    + ": store what is that much as an artifact");
        }
    }

    private static String nameOf(RunFact fact) {
        return fact instanceof RunFact.Used used ? used.input().name() : fact.toString();
    }

    private static int sizeOf(RunFact reference) {
        return reference.toString().length();
    }
}
