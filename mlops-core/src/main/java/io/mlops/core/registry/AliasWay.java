package io.mlops.core.registry;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.NotFoundException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The versions that an alias pointed to in turn, without those that were taken back: a move to the version before the
 * last one goes back, whoever made it, so that several rollbacks lead back step by step instead of to and fro. Not
 * thread-safe.
 */
final class AliasWay {
    private final String name;
    private final String alias;
    private final List<Integer> versions = new ArrayList<>();
    /** Whether the alias was taken away since it pointed to the last of the versions. */
    private boolean removed;

    private AliasWay(String name, String alias) {
        this.name = name;
        this.alias = alias;
    }

    /**
     * Follows an alias through a history.
     *
     * @param newestFirst the moves of all aliases of the model
     */
    static AliasWay of(String name, String alias, Iterable<AliasEvent> newestFirst) {
        List<AliasEvent> events = new ArrayList<>();
        for (AliasEvent event : newestFirst) {
            if (event.move().alias().equals(alias)) {
                events.add(event);
            }
        }
        AliasWay way = new AliasWay(name, alias);
        for (int i = events.size() - 1; i >= 0; i--) {
            way.follow(events.get(i).move().target());
        }
        return way;
    }

    private void follow(@Nullable Integer target) {
        removed = target == null;
        int last = versions.size() - 1;
        if (target == null || (last >= 0 && target.equals(versions.get(last)))) {
            return;
        }
        if (last >= 1 && target.equals(versions.get(last - 1))) {
            versions.remove(last);
        } else {
            versions.add(target);
        }
    }

    /** Whether the alias never pointed to anything. */
    boolean isEmpty() {
        return versions.isEmpty();
    }

    /**
     * Makes the move back, which happens only if the alias still points where this way ends.
     *
     * @throws NotFoundException if it never pointed anywhere else
     */
    AliasMove back(String reason) {
        int last = versions.size() - 1;
        if (removed && last >= 0) {
            return new AliasMove(name, alias, versions.get(last), new AliasMove.Guard.Unset(), reason);
        }
        if (last < 1) {
            throw new NotFoundException("alias " + name + "@" + alias + " pointed nowhere before "
                    + (isEmpty() ? "it was first moved" : name + "/" + versions.get(0))
                    + ": there is nothing to go back to, move it to a version");
        }
        AliasMove.Guard unmoved = new AliasMove.Guard.Version(versions.get(last));
        return new AliasMove(name, alias, versions.get(last - 1), unmoved, reason);
    }
}
