package io.mlops.core.sync;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.AliasMove.Guard;
import io.mlops.api.common.Limits;
import io.mlops.api.common.Listing;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.registry.Model;
import io.mlops.api.spi.Backend;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings the aliases of a model once its versions are there. One that is unset at the target, or as it was copied last, is
 * moved; whoever moved it there meanwhile wins. One thread at a time.
 */
final class AliasCopy {
    private static final String COPIED = "copied from ";

    private final Backend from;
    private final Backend to;
    private final String model;
    private final Instant now;
    private final SyncAccount account;
    private final String mark;

    AliasCopy(Backend from, Backend to, String model, Instant now, SyncAccount account) {
        this.from = from;
        this.to = to;
        this.model = model;
        this.now = now;
        this.account = account;
        this.mark = COPIED + from.info().name();
    }

    void bring(Model here) {
        Model there = to.models().find(model).orElse(null);
        if (there == null) {
            return;
        }
        TreeSet<String> aliases = new TreeSet<>(here.aliases().keySet());
        aliases.addAll(there.aliases().keySet());
        Map<String, AliasEvent> lastThere = null;
        for (String alias : aliases) {
            Integer number = here.aliases().get(alias);
            ModelVersionId target = number == null ? null : account.there(new ModelVersionId(model, number));
            if (number != null && target == null) {
                account.conflict(of(alias), "it points to " + model + "/" + number + ", which is not there");
                continue;
            }
            Integer wanted = target == null ? null : (Integer) target.number();
            if (Objects.equals(wanted, there.aliases().get(alias))) {
                account.count(SyncAccount.Kind.ALIAS, false);
                continue;
            }
            lastThere = lastThere == null ? lastMoves(to) : lastThere;
            move(alias, wanted, there.aliases().get(alias), lastThere.get(alias));
        }
    }

    private String of(String alias) {
        return "alias " + model + "@" + alias;
    }

    /** The last move of each alias. */
    private Map<String, AliasEvent> lastMoves(Backend backend) {
        Listing<AliasEvent> newestFirst = page -> backend.models().history(model, page);
        Map<String, AliasEvent> last = new HashMap<>();
        newestFirst.forEach(event -> last.putIfAbsent(event.move().alias(), event));
        return last;
    }

    private void move(String alias, @Nullable Integer wanted, @Nullable Integer known, @Nullable AliasEvent lastThere) {
        boolean isOurs = lastThere != null
                && lastThere.move().reason().startsWith(mark)
                && Objects.equals(lastThere.move().target(), known);
        if (!isOurs && (known != null || lastThere != null)) {
            if (wanted != null) {
                account.conflict(
                        of(alias),
                        "it was moved there, and points to " + named(known) + " instead of " + named(wanted)
                                + ": move it there");
            }
            return;
        }
        AliasEvent lastHere = lastMoves(from).get(alias);
        String reason = mark
                + (lastHere == null || lastHere.move().reason().isEmpty()
                        ? ""
                        : ": " + lastHere.move().reason());
        Guard guard = known == null ? new Guard.Unset() : new Guard.Version(known);
        AliasMove move = new AliasMove(
                model, alias, wanted, guard, reason.substring(0, Math.min(reason.length(), Limits.REASON)));
        account.step(of(alias), () -> {
            AliasEvent unused = lastHere == null
                    ? to.models().move(move, "unknown", now)
                    : to.models().move(move, lastHere.by(), lastHere.at());
            account.count(SyncAccount.Kind.ALIAS, true);
        });
    }

    private String named(@Nullable Integer number) {
        return number == null ? "nothing" : model + "/" + number;
    }
}
