package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a metric in an experiment, kept as tags {@code mlops.metric.<key>.<property>} of the experiment, so
 * that every store has it and other tools show it.
 *
 * @param key at most 220 characters
 * @param unit such as {@code ms} or {@code EUR}
 * @param target the value to reach
 * @param owner whom to ask
 */
@CheckReturnValue
public record MetricInfo(
        String key,
        Direction direction,
        Kind kind,
        @Nullable String unit,
        @Nullable Double target,
        @Nullable String owner) {
    /** The direction in which a metric gets better. */
    public enum Direction {
        HIGHER_IS_BETTER,
        LOWER_IS_BETTER,
        /** The metric has no better direction. */
        NONE;

        /** Whether the first value is better than the second; nothing is better than NaN or worse. */
        public boolean prefers(double a, double b) {
            return this == HIGHER_IS_BETTER ? a > b : this == LOWER_IS_BETTER && a < b;
        }
    }

    /** The sort of a metric, by who looks at it. */
    public enum Kind {
        TECHNICAL,
        BUSINESS,
        RESOURCE
    }

    private static final String PREFIX = "mlops.metric.";

    public MetricInfo {
        requireNonNull(direction, "direction");
        requireNonNull(kind, "kind");
        // A store may have been told of it before the rule of today.
        Names.checkFormerKey("metric", key);
        if (key.length() > Limits.DESCRIBED_KEY) {
            throw new IllegalArgumentException("metric '" + key.substring(0, 40) + "…' has " + key.length()
                    + " characters, and can only be described up to " + Limits.DESCRIBED_KEY);
        }
    }

    /** A technical metric of which nothing else is known. */
    public static MetricInfo of(String key) {
        return new MetricInfo(key, Direction.NONE, Kind.TECHNICAL, null, null, null);
    }

    /** A copy of which more is better. */
    public MetricInfo higherIsBetter() {
        return new MetricInfo(key, Direction.HIGHER_IS_BETTER, kind, unit, target, owner);
    }

    /** A copy of which less is better. */
    public MetricInfo lowerIsBetter() {
        return new MetricInfo(key, Direction.LOWER_IS_BETTER, kind, unit, target, owner);
    }

    /** A copy of another kind. */
    public MetricInfo kind(Kind other) {
        return new MetricInfo(key, direction, other, unit, target, owner);
    }

    /** A copy in this unit. */
    public MetricInfo unit(String name) {
        return new MetricInfo(key, direction, kind, name, target, owner);
    }

    /** A copy with a value to reach. */
    public MetricInfo target(double value) {
        return new MetricInfo(key, direction, kind, unit, value, owner);
    }

    /** A copy that names whom to ask. */
    public MetricInfo owner(String name) {
        return new MetricInfo(key, direction, kind, unit, target, name);
    }

    /** The tags of the experiment that keep this meaning; null for those that it does without. */
    public Map<String, @Nullable String> tags() {
        String start = PREFIX + key + ".";
        Map<String, @Nullable String> tags = new LinkedHashMap<>();
        tags.put(start + "direction", direction == Direction.NONE ? null : text(direction));
        tags.put(start + "kind", kind == Kind.TECHNICAL ? null : text(kind));
        tags.put(start + "unit", unit);
        tags.put(start + "target", target == null ? null : target.toString());
        tags.put(start + "owner", owner);
        return tags;
    }

    /** Reads the meaning of a metric from the tags of its experiment. A tag that cannot be read counts as absent. */
    static MetricInfo read(String key, Map<String, String> tags) {
        String start = PREFIX + key + ".";
        return new MetricInfo(
                key,
                constant(Direction.values(), tags.get(start + "direction"), Direction.NONE),
                constant(Kind.values(), tags.get(start + "kind"), Kind.TECHNICAL),
                tags.get(start + "unit"),
                number(tags.get(start + "target")),
                tags.get(start + "owner"));
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E constant(E[] all, @Nullable String text, E otherwise) {
        return Arrays.stream(all)
                .filter(each -> text(each).equals(text))
                .findFirst()
                .orElse(otherwise);
    }

    private static @Nullable Double number(@Nullable String text) {
        try {
            return text == null ? null : Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
