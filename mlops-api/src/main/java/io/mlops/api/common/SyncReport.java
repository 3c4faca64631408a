package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An account of what a sync brought from one store to another.
 *
 * @param from the name of the store that was read
 * @param to the name of the store that was written
 * @param points how many points of runs were copied
 * @param artifacts how many artifacts of runs were copied
 * @param numbers of each model, the number that each version has in the other store by the number that it has here
 * @param conflicts what differs between the stores and was left as it is
 */
public record SyncReport(
        String from,
        String to,
        Count experiments,
        Count runs,
        long points,
        long artifacts,
        Count versions,
        Count aliases,
        SortedMap<String, SortedMap<Integer, Integer>> numbers,
        List<Conflict> conflicts) {
    private static final int SHOWN = 10;

    /**
     * A count of things of one kind.
     *
     * @param copied how many the sync made or changed in the other store
     * @param there how many were there already, as they are here
     */
    public record Count(long copied, long there) {
        /** The count of nothing. */
        public static final Count NONE = new Count(0, 0);

        /** The count with one more, which was copied or was there. */
        public Count with(boolean isCopied) {
            return isCopied ? new Count(copied + 1, there) : new Count(copied, there + 1);
        }

        @Override
        public String toString() {
            return copied + " copied, " + there + " there already";
        }
    }

    /**
     * Something that the other store has otherwise, or did not take, and that no sync changes by force.
     *
     * @param of the thing, such as {@code run 01J…} or {@code alias churn@champion}
     * @param message what differs, and what to do
     */
    public record Conflict(String of, String message) {
        public Conflict {
            requireNonNull(of, "of");
            requireNonNull(message, "message");
        }

        @Override
        public String toString() {
            return of + ": " + message;
        }
    }

    public SyncReport {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(experiments, "experiments");
        requireNonNull(runs, "runs");
        requireNonNull(versions, "versions");
        requireNonNull(aliases, "aliases");
        SortedMap<String, SortedMap<Integer, Integer>> sorted = new TreeMap<>();
        numbers.forEach(
                (model, byNumber) -> sorted.put(model, Collections.unmodifiableSortedMap(new TreeMap<>(byNumber))));
        numbers = Collections.unmodifiableSortedMap(sorted);
        conflicts = List.copyOf(conflicts);
    }

    /** The number that a version has in the other store; empty if that does not have it. */
    public Optional<ModelVersionId> numberOf(ModelVersionId version) {
        Integer number = numbers.getOrDefault(version.model(), Collections.emptySortedMap())
                .get(version.number());
        return Optional.ofNullable(number).map(there -> new ModelVersionId(version.model(), there));
    }

    /** Whether the other store lacked nothing, and nothing was copied. */
    public boolean isUnchanged() {
        return experiments.copied() + runs.copied() + versions.copied() + aliases.copied() + points + artifacts == 0;
    }

    /** Several lines for people: what was copied, which versions got other numbers, and the conflicts. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add("from " + from + " to " + to);
        lines.add("experiments: " + experiments);
        lines.add("runs: " + runs + "; with " + points + " points and " + artifacts + " artifacts");
        lines.add("model versions: " + versions);
        lines.add("aliases: " + aliases);
        numbers.forEach((model, byNumber) -> byNumber.forEach((here, there) -> {
            if (!here.equals(there)) {
                lines.add(model + "/" + here + " is " + model + "/" + there + " there");
            }
        }));
        conflicts.stream().limit(SHOWN).forEach(conflict -> lines.add("left as it is: " + conflict));
        if (conflicts.size() > SHOWN) {
            lines.add("and " + (conflicts.size() - SHOWN) + " more that were left as they are");
        }
        return String.join(System.lineSeparator(), lines);
    }
}
