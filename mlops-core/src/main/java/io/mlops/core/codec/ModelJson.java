package io.mlops.core.codec;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelVersion;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The mutable half of a model: {@code model.json} with name, description and tags, {@code versions/<n>.json} with what
 * changed about a version since it was made, and {@code aliases-<revision>.json} with one move and the map after it.
 */
public final class ModelJson {
    private ModelJson() {}

    /** A new {@code model.json}. */
    public static Json create(String name, Instant created) {
        return Format.stamp(Json.object())
                .put("name", name)
                .put("created", created)
                .put("description", "")
                .putTextMap("tags", Map.of());
    }

    /** A model and where its aliases point. */
    public static Model read(Json json, Map<String, Integer> aliases) {
        return new Model(
                json.text("name"), json.text("description"), aliases, json.textMap("tags"), json.time("created"));
    }

    /** Writes what may change about a model into its document; aliases stand elsewhere. */
    public static void write(Model model, Json json) {
        json.put("description", model.description()).putTextMap("tags", model.tags());
    }

    /** A new {@code versions/<n>.json}. */
    public static Json createVersion(ModelVersion version) {
        Json json = Format.stamp(Json.object());
        writeVersion(version, json);
        return json;
    }

    /** The version as it was made, with what changed about it since. */
    public static ModelVersion readVersion(ModelVersion made, Json json) {
        return made.changed(json.text("description"), json.textMap("tags"));
    }

    /** Writes what may change about a version into its document. */
    public static void writeVersion(ModelVersion version, Json json) {
        json.put("description", version.description()).putTextMap("tags", version.tags());
    }

    /**
     * A revision: the map after the move, and the move. The map is handed on from revision to revision, and with it what a
     * newer version may have added.
     *
     * @param before the revision before, which becomes this one; null for the first
     */
    public static Json revision(@Nullable Json before, long revision, AliasEvent event) {
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

    /** Where each alias pointed after a revision. */
    public static Map<String, Integer> aliases(Json revision) {
        Map<String, Integer> aliases = new TreeMap<>();
        Json map = revision.child("aliases");
        map.names().forEach(alias -> aliases.put(alias, map.child(alias).version("version")));
        return aliases;
    }

    /** The move that made a revision; the guard it had is not kept. */
    public static AliasEvent move(Json revision, String model) {
        Json moved = revision.child("move");
        Integer to = moved.versionOrNull("to");
        AliasMove.Guard none = new AliasMove.Guard.Anything();
        AliasMove move = revision.made(
                "move",
                "the move of an alias",
                () -> new AliasMove(model, moved.text("alias"), to, none, moved.text("reason")));
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
