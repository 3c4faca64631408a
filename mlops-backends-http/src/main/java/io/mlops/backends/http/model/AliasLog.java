package io.mlops.backends.http.model;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.backends.http.server.LongTag;
import io.mlops.backends.http.server.Reserved;
import io.mlops.core.codec.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The moves of a model's aliases, each in a tag of the model, since a server keeps only where aliases point now. Moves
 * that others made leave no tag, and are told as seen. Immutable.
 */
final class AliasLog {
    /** Number of moves that are kept. */
    private static final int KEPT = 200;

    private static final String PREFIX = Reserved.PREFIX + "event.";
    private static final Pattern KEY = Pattern.compile(Pattern.quote(PREFIX) + "(\\d{1,9})-([0-9a-f]{1,16})");
    private static final String SEEN_BY = "unknown";
    private static final String SEEN = "seen on the server: somebody moved it without this library";

    /** A move with its place in the history. */
    private record Logged(int number, String key, AliasEvent event) {}

    private final ServerModel model;
    /** Newest first. */
    private final List<Logged> moves;

    private AliasLog(ServerModel model, List<Logged> moves) {
        this.model = model;
        this.moves = moves;
    }

    static AliasLog of(ServerModel model) {
        List<Logged> moves = new ArrayList<>();
        for (String key : model.tags().keySet()) {
            Matcher parts = KEY.matcher(key);
            AliasEvent event = parts.matches() ? read(model, key) : null;
            if (event != null) {
                moves.add(new Logged(Integer.parseInt(parts.group(1)), key, event));
            }
        }
        moves.sort(Comparator.comparingInt(Logged::number)
                .thenComparing(Logged::key)
                .reversed());
        return new AliasLog(model, moves);
    }

    /** All moves, newest first; before them those that can only be seen from where aliases point now. */
    List<AliasEvent> events() {
        List<AliasEvent> events = new ArrayList<>();
        Map<String, @Nullable Integer> told = told();
        TreeSet<String> aliases = new TreeSet<>(told.keySet());
        aliases.addAll(model.aliases().keySet());
        for (String alias : aliases) {
            Integer now = model.aliases().get(alias);
            if (!Objects.equals(now, told.get(alias))) {
                AliasEvent event = seen(alias, told.get(alias), now);
                if (event != null) {
                    events.add(event);
                }
            }
        }
        moves.forEach(move -> events.add(move.event()));
        return events;
    }

    private @Nullable AliasEvent seen(String alias, @Nullable Integer before, @Nullable Integer now) {
        Instant at = moves.isEmpty() ? model.created() : moves.get(0).event().at();
        try {
            AliasMove move = new AliasMove(model.name(), alias, now, new AliasMove.Guard.Anything(), SEEN);
            return new AliasEvent(move, before, SEEN_BY, at);
        } catch (IllegalArgumentException noAliasOfOurs) {
            return null;
        }
    }

    /** Where aliases point by the newest move of each. */
    private Map<String, @Nullable Integer> told() {
        Map<String, @Nullable Integer> told = new HashMap<>();
        for (Logged move : moves) {
            String alias = move.event().move().alias();
            if (!told.containsKey(alias)) {
                told.put(alias, move.event().move().target());
            }
        }
        return told;
    }

    /** The tags that log one more move. */
    Map<String, String> next(AliasEvent event, String random) {
        int number = moves.isEmpty() ? 1 : moves.get(0).number() + 1;
        Json json = Json.object()
                .put("alias", event.move().alias())
                .put("by", event.by())
                .put("at", event.at())
                .put("reason", event.move().reason());
        Integer target = event.move().target();
        if (target != null) {
            json.put("target", target.longValue());
        }
        Integer before = event.before();
        if (before != null) {
            json.put("before", before.longValue());
        }
        return LongTag.write(PREFIX + number + "-" + random, json.line());
    }

    /** Keys of tags of moves that are so old that they are no longer kept. */
    List<String> outdated() {
        List<String> keys = new ArrayList<>();
        for (Logged move : moves.subList(Math.min(KEPT, moves.size()), moves.size())) {
            model.tags().keySet().stream()
                    .filter(key -> key.equals(move.key()) || key.startsWith(move.key() + "."))
                    .forEach(keys::add);
        }
        return keys;
    }

    private static @Nullable AliasEvent read(ServerModel model, String key) {
        try {
            String text = Objects.requireNonNullElse(LongTag.read(key, model.tags()), "");
            Json json = Json.parse(text.getBytes(StandardCharsets.UTF_8), "tag " + key);
            AliasMove move = new AliasMove(
                    model.name(),
                    json.text("alias"),
                    json.versionOrNull("target"),
                    new AliasMove.Guard.Anything(),
                    json.text("reason"));
            return new AliasEvent(move, json.versionOrNull("before"), json.text("by"), json.time("at"));
        } catch (CorruptDataException | IllegalArgumentException othersWroteIt) {
            return null;
        }
    }
}
