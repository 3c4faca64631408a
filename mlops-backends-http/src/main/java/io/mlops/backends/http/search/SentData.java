package io.mlops.backends.http.search;

import io.mlops.core.query.Condition;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says conditions on the data that a run read in the server's dialect. It keeps the beginning of a digest only, in the
 * spelling of whoever told it, and the first role of several, so that roles are never asked for. Not for instances.
 */
final class SentData {
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2})+");
    /** Number of characters of a digest that the server keeps at the least. */
    private static final int KEPT = 32;

    private static final int TABLES = 3;

    private SentData() {}

    /** A condition on the name or digest of data; null if it cannot be said. */
    static @Nullable SentCondition of(String part, Condition condition) {
        return switch (part) {
            case "name" -> name(condition);
            case "digest" -> digest(condition);
            default -> null;
        };
    }

    private static @Nullable SentCondition name(Condition condition) {
        return switch (condition.operator()) {
            case EQUAL, NOT_EQUAL -> sent("name", condition.operator().symbol(), Spelling.text(condition.value()));
            case IN, NOT_IN -> sent("name", condition.operator().symbol(), Spelling.list(condition.values()));
            case LIKE, ILIKE -> {
                boolean ignoreCase = condition.operator() == Condition.Operator.ILIKE;
                yield sent("name", condition.operator().symbol(), Spelling.pattern(condition.value(), ignoreCase));
            }
            default -> null;
        };
    }

    private static @Nullable SentCondition digest(Condition condition) {
        List<String> values = condition.values();
        boolean one = condition.operator() == Condition.Operator.EQUAL
                || (condition.operator() == Condition.Operator.IN && values.size() == 1);
        String digest = values.get(0);
        if (!one || !HEX.matcher(digest).matches() || spellsText(digest)) {
            return null;
        }
        return sent("digest", "ILIKE", Spelling.beginning(digest, KEPT, true));
    }

    /** Whether it may stand for a text that is no hex number, as others give as digests. */
    private static boolean spellsText(String digest) {
        String text = new String(HexFormat.of().parseHex(digest), StandardCharsets.UTF_8);
        return text.chars().noneMatch(c -> c == '\ufffd' || Character.isISOControl(c));
    }

    private static @Nullable SentCondition sent(String part, String operator, @Nullable String value) {
        return value == null
                ? null
                : new SentCondition(List.of("dataset." + part + " " + operator + " " + value), TABLES, true);
    }
}
