package io.mlops.core.query;

import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The left side of a condition, or of an order term: how to read a value of what is searched.
 *
 * @param <T> what is searched
 */
sealed interface Field<T> {
    /**
     * A field that has one value at most.
     *
     * @param read gives text, a {@link Long}, a {@link Double}, or null for none
     */
    record Single<T>(Kind kind, Function<? super T, ? extends @Nullable Object> read) implements Field<T> {
        @Nullable
        Object of(T item) {
            return read.apply(item);
        }
    }

    /** A field of ids of which there may be any number; a condition holds if it does for one of them. */
    record Several<T>(Function<? super T, Stream<String>> read) implements Field<T> {}
}
