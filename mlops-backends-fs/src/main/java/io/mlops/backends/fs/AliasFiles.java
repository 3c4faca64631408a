package io.mlops.backends.fs;

import io.mlops.api.common.AliasMove;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelEvent;
import io.mlops.core.codec.Json;
import io.mlops.core.codec.ModelJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The aliases of models, one file per move: {@code aliases-<revision>.json} holds the map after the move and the move.
 * Whoever links the next revision has moved; whoever finds it taken looks again. No lock, and the history is the same files.
 * Thread-safe.
 */
final class AliasFiles {
    private static final Pattern NAME = Pattern.compile("aliases-([0-9]{8,18})\\.json");

    private final Store store;

    AliasFiles(Store store) {
        this.store = store;
    }

    /** A revision and where each alias points after it. */
    record Aliases(long revision, Map<String, Integer> byName) {}

    Aliases current(String model) throws IOException {
        while (true) {
            SortedSet<Long> revisions = revisions(model);
            if (revisions.isEmpty()) {
                return new Aliases(0, Map.of());
            }
            Json json = store.documents().find(file(model, revisions.last()));
            if (json != null) {
                return new Aliases(revisions.last(), ModelJson.aliases(json));
            }
        }
    }

    /** Moves an alias to a version that is known to be there. */
    ModelEvent move(String model, AliasMove move, String by, Instant at) throws IOException {
        while (true) {
            Aliases now = current(model);
            Integer before = now.byName().get(move.alias());
            move.check(before);
            Map<String, Integer> after = new TreeMap<>(now.byName());
            Integer target = move.target();
            if (target == null) {
                after.remove(move.alias());
            } else {
                after.put(move.alias(), target);
            }
            ModelEvent event = new ModelEvent(model, new ModelChange.AliasMoved(move), before, by, at);
            long revision = now.revision() + 1;
            if (store.documents().claim(file(model, revision), ModelJson.revision(revision, after, event))) {
                return event;
            }
        }
    }

    /** The revisions of a model, ascending. */
    SortedSet<Long> revisions(String model) throws IOException {
        SortedSet<Long> revisions = new TreeSet<>();
        for (String name : store.disk().names(store.layout().registered(model))) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                revisions.add(Long.valueOf(matcher.group(1)));
            }
        }
        return revisions;
    }

    /** The moves that made these revisions. */
    List<Json> read(String model, List<Long> revisions) throws IOException {
        List<Json> found = new ArrayList<>();
        for (long revision : revisions) {
            Json json = store.documents().find(file(model, revision));
            if (json != null) {
                found.add(json);
            }
        }
        return found;
    }

    private Path file(String model, long revision) {
        return store.layout().registered(model).resolve("aliases-%08d.json".formatted(revision));
    }
}
