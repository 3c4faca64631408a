package io.mlops.backends.http.server;

import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing of the server.
 *
 * @param token for the next page; null at the end
 */
public record Listed<T>(List<T> items, @Nullable String token) {
    /** Reads a page whose items stand in a field of this name, which is missing if there are none. */
    public static <T> AnswerReader<Listed<T>> in(String field, AnswerReader<T> each) {
        return in -> {
            List<T> items = new ArrayList<>();
            String[] token = {""};
            Fields.each(in, (name, value) -> {
                if (name.equals(field)) {
                    items.addAll(Fields.list(value, each));
                } else if (name.equals("next_page_token")) {
                    token[0] = Fields.text(value);
                }
            });
            // Some servers end with an empty token, and some with an empty page that has one.
            return new Listed<>(items, items.isEmpty() || token[0].isEmpty() ? null : token[0]);
        };
    }

    /** All items of a listing; one whose tokens repeat ends there. */
    public static <T> List<T> all(Function<@Nullable String, Listed<T>> pages) {
        List<T> all = new ArrayList<>();
        Set<@Nullable String> seen = new HashSet<>();
        String token = null;
        do {
            Listed<T> page = pages.apply(token);
            all.addAll(page.items());
            token = page.token();
        } while (token != null && seen.add(token));
        return all;
    }
}
