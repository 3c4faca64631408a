package io.mlops.backends.http.search;

import io.mlops.api.common.RunId;
import io.mlops.backends.http.server.Reserved;
import io.mlops.core.query.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says conditions on the id of a run in the server's words: one that the library gave is in a tag, and that of a run which
 * others made is the server's own. Not for instances.
 */
final class SentIds {
    private static final String TAG = "tags.`" + Reserved.ID + "`";
    private static final Pattern STORE_ID = Pattern.compile("[0-9a-f]{32}");
    /** What the server's own ids have none of. */
    private static final Pattern OTHER_LETTER = Pattern.compile("[^0-9a-fA-F%_]");
    /** Each is a search of its own. */
    private static final int MOST_IDS = 10;

    private SentIds() {}

    /** A condition on the id; null if it cannot be said. */
    static @Nullable SentCondition of(Condition condition) {
        return switch (condition.operator()) {
            case EQUAL, IN -> condition.values().size() > MOST_IDS ? null : oneOf(condition.values());
            case LIKE -> like(condition.value(), false);
            case ILIKE -> like(condition.value(), true);
            default -> null;
        };
    }

    private static SentCondition oneOf(List<String> ids) {
        List<String> either = new ArrayList<>();
        for (String id : ids) {
            if (RunId.isValid(id)) {
                either.add(TAG + " = '" + id + "'");
            }
            if (STORE_ID.matcher(id).matches()) {
                either.add("attributes.run_id = '" + id + "'");
            }
        }
        return either.isEmpty()
                ? SentCondition.free("attributes.run_id = 'none'")
                : new SentCondition(either, 1, false);
    }

    private static @Nullable SentCondition like(String pattern, boolean ignoreCase) {
        String wider = OTHER_LETTER.matcher(pattern).find() ? Spelling.pattern(pattern, ignoreCase) : null;
        return wider == null ? null : SentCondition.joined(TAG + (ignoreCase ? " ILIKE " : " LIKE ") + wider);
    }
}
