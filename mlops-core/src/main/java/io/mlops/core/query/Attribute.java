package io.mlops.core.query;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table that makes a {@link Subject}: a name, what conditions may ask of the value, and how to read it. Names
 * are found in any case. Immutable.
 *
 * @param <T> what is searched
 */
@CheckReturnValue
public final class Attribute<T> {
    private final List<String> names;
    private final Field<T> field;

    private Attribute(List<String> names, Field<T> field) {
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        this.field = field;
    }

    private static <T> Attribute<T> single(
            String name, Kind kind, Function<? super T, ? extends @Nullable Object> read) {
        return new Attribute<>(List.of(name), new Field.Single<>(kind, read));
    }

    /** An attribute that is text: conditions compare it with {@code =}, {@code !=}, {@code LIKE} and {@code ILIKE}. */
    public static <T> Attribute<T> text(String name, Function<? super T, ? extends @Nullable String> read) {
        return single(name, new Kind.Text(), requireNonNull(read, "read"));
    }

    /**
     * An attribute that is text and may be missing: conditions may also ask {@code IS NULL} and {@code IS NOT NULL}.
     */
    public static <T> Attribute<T> optionalText(String name, Function<? super T, ? extends @Nullable String> read) {
        return single(name, new Kind.OptionalText(), requireNonNull(read, "read"));
    }

    /**
     * An attribute that is text and names one thing: conditions may also ask for several by {@code IN ('a', 'b')} and
     * {@code NOT IN}.
     */
    public static <T> Attribute<T> id(String name, Function<? super T, ? extends @Nullable String> read) {
        return single(name, new Kind.Id(), requireNonNull(read, "read"));
    }

    /**
     * An attribute that is one of the constants of an enum, compared as text; a condition that names none of them is
     * refused.
     */
    public static <T, E extends Enum<E>> Attribute<T> choice(
            String name, Class<E> constants, Function<? super T, ? extends @Nullable E> read) {
        requireNonNull(read, "read");
        List<String> values =
                Arrays.stream(constants.getEnumConstants()).map(Enum::name).toList();
        return single(name, new Kind.Choice(values), item -> {
            E constant = read.apply(item);
            return constant == null ? null : constant.name();
        });
    }

    /**
     * An attribute that is a number: conditions compare it with {@code >}, {@code >=}, {@code <}, {@code <=}, {@code =}
     * and {@code !=}.
     */
    public static <T> Attribute<T> number(String name, Function<? super T, ? extends @Nullable Number> read) {
        requireNonNull(read, "read");
        return single(name, new Kind.Numeric(), item -> longOrDouble(read.apply(item)));
    }

    /** An attribute that is a time: conditions compare its milliseconds since 1970, as numbers. */
    public static <T> Attribute<T> time(String name, Function<? super T, ? extends @Nullable Instant> read) {
        requireNonNull(read, "read");
        return single(name, new Kind.Numeric(), item -> {
            Instant time = read.apply(item);
            return time == null ? null : (Long) time.toEpochMilli();
        });
    }

    /**
     * An attribute of any number of ids: a condition holds if it does for one of them, and nothing is ordered by them.
     */
    public static <T> Attribute<T> each(String name, Function<? super T, Stream<String>> read) {
        return new Attribute<>(List.of(name), new Field.Several<>(requireNonNull(read, "read")));
    }

    /** A copy that is found by one more name. */
    public Attribute<T> or(String anotherName) {
        return new Attribute<>(
                Stream.concat(names.stream(), Stream.of(anotherName)).toList(), field);
    }

    /** The number in one of the two forms that orders, and the tokens of pages, know. */
    static @Nullable Number longOrDouble(@Nullable Number number) {
        if (number == null || number instanceof Double || number instanceof Long) {
            return number;
        }
        return number instanceof Integer || number instanceof Short || number instanceof Byte
                ? (Number) number.longValue()
                : (Number) number.doubleValue();
    }

    /** The names in lower case; the first is the one that errors tell. */
    List<String> names() {
        return names;
    }

    Field<T> field() {
        return field;
    }
}
