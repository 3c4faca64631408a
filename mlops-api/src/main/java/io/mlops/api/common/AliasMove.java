package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to point an alias of a model or dataset to a version, or nowhere, if it still points where you think.
 * Nothing happens until a {@code move} method gets it. An alias that no new one may be called like, of an older store, can
 * only be removed.
 *
 * @param target the version's number; null removes the alias
 * @param reason why, for the history; at most 5000 characters
 */
@CheckReturnValue
public record AliasMove(String name, String alias, @Nullable Integer target, Guard guard, String reason) {
    public AliasMove {
        requireNonNull(guard, "guard");
        Names.checkName("model or dataset", name);
        // What a store has is read by this, too; whoever moves an alias to a version has it checked by the rule of
        // today.
        if (Names.checkFormerAlias(alias).equals(VersionReference.Aliased.LATEST)) {
            throw Names.reserved(alias);
        }
        if (target != null) {
            Names.checkNumber(target);
        }
        Names.checkValue("the reason", reason, Limits.REASON, "");
    }

    /** The condition on where the alias points before the move. */
    public sealed interface Guard {
        /** A guard that lets the alias point anywhere, or nowhere. */
        record Anything() implements Guard {}

        /** A guard that demands that the alias points nowhere. */
        record Unset() implements Guard {}

        /** A guard that demands that the alias points to this version. */
        record Version(int number) implements Guard {
            public Version {
                Names.checkNumber(number);
            }
        }
    }

    /**
     * A move of an alias to a version or its id, such as {@code of("churn@champion", version)}.
     *
     * @throws IllegalArgumentException if the version is of another model or dataset
     */
    public static AliasMove of(String alias, NumberedVersion to) {
        requireNonNull(to, "to");
        return to(alias, to.name(), to.number());
    }

    /** A move of an alias to a version by its number, such as {@code of("churn@champion", 7)}. */
    public static AliasMove of(String alias, int to) {
        return to(alias, null, to);
    }

    /** The removal of an alias, such as {@code remove("churn@champion")}. */
    public static AliasMove remove(String alias) {
        return to(alias, null, null);
    }

    /** A copy that asks for the alias to point to this version beforehand. */
    public AliasMove expecting(int number) {
        return new AliasMove(name, alias, target, new Guard.Version(number), reason);
    }

    /**
     * A copy that asks for the alias to point where somebody found it, such as {@code
     * expecting(registry.find("churn@champion"))}, or nowhere if that was empty.
     *
     * @throws IllegalArgumentException if the version is of another model or dataset
     */
    public AliasMove expecting(Optional<? extends NumberedVersion> found) {
        NumberedVersion version = requireNonNull(found, "found").orElse(null);
        if (version == null) {
            return expectingUnset();
        }
        checkSameName(name + "@" + alias, name, version.name(), version.number());
        return expecting(version.number());
    }

    /** A copy that asks for the alias to point nowhere beforehand. */
    public AliasMove expectingUnset() {
        return new AliasMove(name, alias, target, new Guard.Unset(), reason);
    }

    /** A copy with the reason that the history shows. */
    public AliasMove because(String why) {
        Names.checkNoNul("the reason", requireNonNull(why, "the reason"));
        return new AliasMove(name, alias, target, guard, why);
    }

    private static AliasMove to(String text, @Nullable String owner, @Nullable Integer number) {
        int at = References.checkOurs(requireNonNull(text, "alias")).lastIndexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException(
                    "'" + Names.printable(text) + "' names no alias: write it like churn@champion");
        }
        String name = text.substring(0, at);
        if (owner != null) {
            checkSameName(text, name, owner, number);
        }
        String alias = text.substring(at + 1);
        if (number != null) {
            Names.checkAlias(alias);
        }
        return new AliasMove(name, alias, number, new Guard.Anything(), "");
    }

    private static void checkSameName(String alias, String name, String owner, @Nullable Integer number) {
        if (!owner.equals(name)) {
            throw new IllegalArgumentException("alias '" + Names.printable(alias) + "' cannot point to "
                    + Names.printable(owner) + "/" + number + ", a version of another name");
        }
    }
}
