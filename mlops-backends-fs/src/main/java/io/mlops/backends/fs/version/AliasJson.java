package io.mlops.backends.fs.version;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.backends.fs.store.Format;
import io.mlops.core.codec.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fields of {@code aliases-<revision>.json}: one move, and where each alias points after it. */
final class AliasJson {
    private AliasJson() {}

    /**
     * Makes the document of a revision: the map after the move, and the move. The map is handed on from revision to
     * revision, and with it what a newer version of the library may have added.
     *
     * @param before the document of the revision before, which is changed into this one; null for the first
     */
    static Json revision(@Nullable Json before, long revision, AliasEvent event) {
        Json json = before == null ? Format.stamp(Json.object()) : Format.checkWritable(before);
        AliasMove move = event.move();
        json.put("revision", revision);
        Json aliases = json.childOrNew("aliases");
        Integer target = move.target();
        if (target == null) {
            aliases.remove(move.alias());
        } else {
            aliases.childOrNew(move.alias()).put("version", (long) target);
        }
        Json moved = Json.object().put("alias", move.alias());
        putNumber(moved, "from", event.before());
        putNumber(moved, "to", target);
        moved.put("by", event.by()).put("reason", move.reason()).put("at", event.at());
        return json.put("move", moved);
    }

    /** Reads where each alias pointed after a revision. */
    static Map<String, Integer> aliases(Json revision) {
        Map<String, Integer> aliases = new TreeMap<>();
        Json map = revision.child("aliases");
        map.names().forEach(alias -> aliases.put(alias, map.child(alias).version("version")));
        return aliases;
    }

    /** Reads the move that made a revision; the guard that it had is not stored. */
    static AliasEvent move(Json revision, String name) {
        Json moved = revision.child("move");
        Integer to = moved.versionOrNull("to");
        AliasMove.Guard none = new AliasMove.Guard.Anything();
        AliasMove move = revision.made(
                "move",
                "the move of an alias",
                () -> new AliasMove(name, moved.text("alias"), to, none, moved.text("reason")));
        return new AliasEvent(move, moved.versionOrNull("from"), moved.text("by"), moved.time("at"));
    }

    private static void putNumber(Json json, String name, @Nullable Integer number) {
        if (number == null) {
            json.put(name, (String) null);
        } else {
            json.put(name, (long) number);
        }
    }
}
