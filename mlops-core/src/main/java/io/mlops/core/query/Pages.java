package io.mlops.core.query;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes pages that neither skip nor repeat while entries are added: a token names the last entry that was handed out,
 * not a position.
 */
public final class Pages {
    /** The words that tokens of listings are bound to, so that a token of a search is refused. */
    private static final String LISTING = "listing";

    private Pages() {}

    /**
     * A page of entries in the order of their keys.
     *
     * @param key unique
     * @param parse reads a key from the text that {@code write} gave
     */
    public static <T, K> Page<T> byKey(
            Collection<T> entries,
            Function<T, K> key,
            Comparator<? super K> order,
            Function<String, K> parse,
            Function<K, String> write,
            PageRequest request) {
        String token = request.token();
        K last = token == null ? null : read(token, parse);
        List<T> rest = entries.stream()
                .filter(entry -> last == null || order.compare(key.apply(entry), last) > 0)
                .sorted((a, b) -> order.compare(key.apply(a), key.apply(b)))
                .limit(request.limit() + 1L)
                .toList();
        return cut(rest, request.limit(), entry -> write.apply(key.apply(entry)));
    }

    /**
     * Reads the key that a token tells.
     *
     * @param parse reads it from the text that {@link #cut} got; fails with any exception
     * @throws IllegalArgumentException if it is no token of this listing
     */
    public static <K> K read(String token, Function<String, K> parse) {
        byte[] text = Tokens.read(token, LISTING);
        if (text == null) {
            throw notAToken(null);
        }
        try {
            return parse.apply(new String(text, StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            throw notAToken(e);
        }
    }

    private static IllegalArgumentException notAToken(@Nullable Throwable cause) {
        return new IllegalArgumentException(
                "the page token is not of this listing: take that of the page before", cause);
    }

    /** A page of entries in the order of their names. */
    public static <T> Page<T> byName(Collection<T> entries, Function<T, String> name, PageRequest request) {
        return byKey(entries, name, CodePoints::compare, Function.identity(), Function.identity(), request);
    }

    /** A page of numbered entries, the greatest first. */
    public static <T> Page<T> newestFirst(Collection<T> entries, Function<T, Integer> number, PageRequest request) {
        return byKey(entries, number, Comparator.<Integer>reverseOrder(), Integer::valueOf, String::valueOf, request);
    }

    /**
     * A page of sorted results.
     *
     * @param oneMore one result more than the limit, if there is one
     * @param write gives a text that tells the last of the page, from which {@link #read} reads it
     */
    public static <T> Page<T> cut(List<T> oneMore, int limit, Function<T, String> write) {
        if (oneMore.size() <= limit) {
            return new Page<>(oneMore, null);
        }
        List<T> items = oneMore.subList(0, limit);
        byte[] last = write.apply(items.get(limit - 1)).getBytes(StandardCharsets.UTF_8);
        return new Page<>(items, Tokens.write(last, LISTING));
    }
}
