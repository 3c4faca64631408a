package io.mlops.api.spi;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.AliasMove.Guard;
import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Names;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The aliases of a model or dataset, and what a move does to them, the same on every backend.
 *
 * @param aliases version number by alias, without {@code latest}
 */
@CheckReturnValue
public record AliasState(Map<String, Integer> aliases) {
    public AliasState {
        aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
    }

    /** The aliases as the store has them. */
    public static AliasState of(Map<String, Integer> aliases) {
        return new AliasState(aliases);
    }

    /**
     * Checks the guard of a move, and makes its entry for the history. Every store asks this in the step that moves the
     * alias.
     *
     * @throws ConflictException if the alias points elsewhere than the guard expects
     * @throws IllegalArgumentException if the reason holds NUL
     */
    public AliasEvent event(AliasMove move, String by, Instant at) {
        Names.checkNoNul("the reason", move.reason());
        Integer before = aliases.get(move.alias());
        check(move, before);
        return new AliasEvent(move, before, by, at);
    }

    /** The aliases after a move. */
    public AliasState apply(AliasEvent event) {
        Map<String, Integer> after = new TreeMap<>(aliases);
        Integer target = event.move().target();
        if (target == null) {
            after.remove(event.move().alias());
        } else {
            after.put(event.move().alias(), target);
        }
        return new AliasState(after);
    }

    private static void check(AliasMove move, @Nullable Integer before) {
        Integer expected;
        if (move.guard() instanceof Guard.Anything) {
            return;
        } else if (move.guard() instanceof Guard.Unset) {
            expected = null;
        } else if (move.guard() instanceof Guard.Version version) {
            expected = version.number();
        } else {
            throw new IllegalStateException(
                    "no case for " + move.guard().getClass().getName());
        }
        if (!Objects.equals(expected, before)) {
            throw new ConflictException("alias " + move.name() + "@" + move.alias() + " points to " + text(move, before)
                    + ", not to " + text(move, expected) + ": read it again and decide anew");
        }
    }

    private static String text(AliasMove move, @Nullable Integer number) {
        return number == null ? "nothing" : move.name() + "/" + number;
    }
}
