package io.mlops.backends.http.standin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A search filter as MLflow parses it: comparisons that are joined by AND. */
final class Filter {
    /** What can be asked of a thing that is searched. An attribute that is not known is refused. */
    record Subject<T>(
            BiFunction<T, String, @Nullable Object> attribute,
            Function<T, Map<String, String>> tags,
            Function<T, Map<String, String>> params,
            Function<T, Map<String, Tables.Point>> metrics,
            BiFunction<T, String, Stream<String>> datasets) {
        static <T> Subject<T> of(
                BiFunction<T, String, @Nullable Object> attribute, Function<T, Map<String, String>> tags) {
            return new Subject<>(attribute, tags, each -> Map.of(), each -> Map.of(), (each, key) -> Stream.of());
        }
    }

    /** One comparison; the value is a text, a number, or a list of texts. */
    record Clause(
            String entity,
            String key,
            String operator,
            @Nullable Object value) {}

    private static final String NAME = "`(?:``|[^`])*`|\"(?:\"\"|[^\"])*\"|[\\w.]+";
    private static final Pattern IDENTIFIER = Pattern.compile("((?:\\w+\\.)?)(" + NAME + ")");
    private static final Pattern OPERATOR = Pattern.compile(
            "\\s*(>=|<=|!=|=|>|<|not\\s+in\\b|in\\b|like\\b|ilike\\b|is\\s+not\\s+null\\b|is\\s+null\\b)\\s*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern TEXT = Pattern.compile("'(?:''|\\\\'|[^'])*'|\"(?:\"\"|\\\\\"|[^\"])*\"");
    private static final Pattern NUMBER = Pattern.compile(
            "-?\\d+(\\.\\d+)?E-?\\d+|-?(\\d+\\.\\d*|\\.\\d+)(?![_A-Z])|-?\\d+(?![_A-Z])", Pattern.CASE_INSENSITIVE);
    private static final Pattern LIST = Pattern.compile("\\(\\s*((?:'[^']*'|\"[^\"]*\"|[\\s,])*)\\)");
    private static final Pattern AND = Pattern.compile("\\s*\\band\\s+", Pattern.CASE_INSENSITIVE);

    private final List<Clause> clauses;
    private final Release release;

    private Filter(List<Clause> clauses, Release release) {
        this.clauses = clauses;
        this.release = release;
    }

    static Filter parse(String text, Release release) {
        List<Clause> clauses = new ArrayList<>();
        Matcher matcher = OPERATOR.matcher(text.strip());
        int at = 0;
        int end = text.strip().length();
        while (at < end) {
            if (!clauses.isEmpty()) {
                at = next(matcher, AND, at);
            }
            at = next(matcher, IDENTIFIER, at);
            String entity = matcher.group(1);
            String key = unquoted(matcher.group(2));
            if (entity.isEmpty() && key.contains(".")) {
                entity = key.substring(0, key.indexOf('.') + 1);
                key = key.substring(entity.length());
            }
            at = next(matcher, OPERATOR, at);
            String operator = matcher.group(1).toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
            Object value = null;
            if (!operator.startsWith("IS ")) {
                at = next(matcher, valueAt(matcher, at), at);
                value = value(matcher.group());
            }
            Clause clause = new Clause(entity(entity), key, operator, value);
            check(clause, release);
            clauses.add(clause);
        }
        return new Filter(clauses, release);
    }

    private static Pattern valueAt(Matcher matcher, int at) {
        for (Pattern each : List.of(TEXT, NUMBER)) {
            matcher.usePattern(each).region(at, matcher.regionEnd());
            if (matcher.lookingAt()) {
                return each;
            }
        }
        return LIST;
    }

    private static int next(Matcher matcher, Pattern pattern, int at) {
        matcher.usePattern(pattern).region(at, matcher.regionEnd());
        if (!matcher.lookingAt()) {
            throw Refusal.invalid("Invalid clause(s) in filter string, at " + at);
        }
        return matcher.end();
    }

    private static Object value(String token) {
        if (token.startsWith("(")) {
            Matcher each = TEXT.matcher(token);
            List<String> texts =
                    each.results().map(found -> unquoted(found.group())).toList();
            if (texts.isEmpty()) {
                throw Refusal.invalid("While parsing a list in the query, expected a non-empty list of string values");
            }
            return texts;
        }
        return token.startsWith("'") || token.startsWith("\"") ? unquoted(token) : Double.valueOf(token);
    }

    private static String unquoted(String token) {
        boolean quoted = token.startsWith("`") || token.startsWith("'") || token.startsWith("\"");
        return quoted ? token.substring(1, token.length() - 1) : token;
    }

    private static String entity(String given) {
        return switch (given.replace(".", "")) {
            case "metric", "metrics" -> "metric";
            case "param", "params", "parameter", "parameters" -> "param";
            case "tag", "tags" -> "tag";
            case "attribute", "attributes", "attr", "run", "" -> "attribute";
            case "dataset", "datasets" -> "dataset";
            default -> throw Refusal.invalid("Invalid entity type '" + given + "'.");
        };
    }

    private static void check(Clause clause, Release release) {
        boolean text = clause.value() instanceof String;
        boolean number = clause.value() instanceof Double;
        boolean list = clause.value() instanceof List;
        boolean likes = clause.operator().endsWith("LIKE");
        boolean equal = clause.operator().equals("=") || clause.operator().equals("!=");
        boolean in = clause.operator().endsWith("IN");
        boolean nothing = clause.operator().startsWith("IS ");
        boolean allowed = switch (clause.entity()) {
            case "metric" -> number && !likes && !in;
            case "param", "tag" -> nothing ? release.three() : text && (equal || likes);
            case "dataset" -> in ? list : text && (equal || likes);
            default -> in ? list : nothing ? false : number ? !likes : text && (equal || likes);
        };
        if (!allowed) {
            throw Refusal.invalid("Invalid comparison of " + clause.entity() + " " + clause.key() + " by "
                    + clause.operator() + " with " + clause.value());
        }
    }

    List<Clause> clauses() {
        return clauses;
    }

    <T> boolean matches(T thing, Subject<T> subject) {
        return clauses.stream().allMatch(clause -> matches(clause, thing, subject));
    }

    private <T> boolean matches(Clause clause, T thing, Subject<T> subject) {
        return switch (clause.entity()) {
            case "metric" -> metric(clause, subject.metrics().apply(thing).get(clause.key()));
            case "param" -> text(clause, subject.params().apply(thing).get(clause.key()));
            case "tag" -> text(clause, subject.tags().apply(thing).get(clause.key()));
            case "dataset" -> subject.datasets().apply(thing, clause.key()).anyMatch(each -> text(clause, each));
            default -> attribute(clause, subject.attribute().apply(thing, clause.key()));
        };
    }

    private boolean metric(Clause clause, Tables.@Nullable Point point) {
        if (point == null) {
            return false;
        }
        if (release.three() && point.nan()) {
            return clause.operator().equals("!=");
        }
        return number(clause, point.value());
    }

    private static boolean attribute(Clause clause, @Nullable Object found) {
        if (found instanceof Number number) {
            if (!(clause.value() instanceof Double)) {
                throw Refusal.invalid("Expected numeric value type for numeric attribute: " + clause.key());
            }
            return number(clause, number.doubleValue());
        }
        if (clause.value() instanceof Double && found != null) {
            throw Refusal.invalid("Expected a quoted string value for attributes. Got value " + clause.value());
        }
        return text(clause, (String) found);
    }

    private static boolean number(Clause clause, double found) {
        double asked = (Double) clause.value();
        return switch (clause.operator()) {
            case ">" -> found > asked;
            case ">=" -> found >= asked;
            case "<" -> found < asked;
            case "<=" -> found <= asked;
            case "=" -> found == asked;
            default -> found != asked;
        };
    }

    private static boolean text(Clause clause, @Nullable String found) {
        if (clause.operator().startsWith("IS ")) {
            return (found == null) == clause.operator().equals("IS NULL");
        }
        if (found == null) {
            return false;
        }
        return switch (clause.operator()) {
            case "=" -> found.equals(clause.value());
            case "!=" -> !found.equals(clause.value());
            case "LIKE" -> like((String) clause.value(), found);
            case "ILIKE" -> like(lower((String) clause.value()), lower(found));
            case "IN" -> ((List<?>) clause.value()).contains(found);
            default -> !((List<?>) clause.value()).contains(found);
        };
    }

    /** Makes small letters of ASCII's only, as SQLite does. */
    private static String lower(String text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + 32));
            }
        }
        return lower.toString();
    }

    private static boolean like(String pattern, String text) {
        StringBuilder expression = new StringBuilder();
        pattern.codePoints().forEach(c -> {
            switch (c) {
                case '%' -> expression.append(".*");
                case '_' -> expression.append('.');
                default -> expression.append(Pattern.quote(Character.toString(c)));
            }
        });
        return Pattern.compile(expression.toString(), Pattern.DOTALL)
                .matcher(text)
                .matches();
    }

    /** Orders by terms such as {@code metrics.loss DESC}; what has no value comes last. */
    static <T> Comparator<T> order(List<String> terms, Subject<T> subject) {
        Comparator<T> order = Comparator.comparing(each -> 0);
        Set<String> seen = new HashSet<>();
        for (String term : terms) {
            String name = term.strip();
            boolean down = name.toLowerCase(Locale.ROOT).endsWith(" desc");
            name = name.replaceFirst("(?i)\\s+(asc|desc)$", "");
            Matcher matcher = IDENTIFIER.matcher(name);
            if (!matcher.matches()) {
                throw Refusal.invalid("Invalid order_by clause '" + term + "'. Could not be parsed.");
            }
            String key = unquoted(matcher.group(2));
            String entity = matcher.group(1);
            if (entity.isEmpty() && key.contains(".")) {
                entity = key.substring(0, key.indexOf('.') + 1);
                key = key.substring(entity.length());
            }
            if (!seen.add(entity(entity) + "." + key)) {
                throw Refusal.internal("`order_by` contains duplicate fields: " + terms);
            }
            order = order.thenComparing(by(entity(entity), key, down, subject));
        }
        return order;
    }

    private static <T> Comparator<T> by(String entity, String key, boolean down, Subject<T> subject) {
        if (entity.equals("metric")) {
            Comparator<Tables.Point> values = Comparator.comparingDouble(Tables.Point::value);
            Comparator<Tables.Point> points =
                    Comparator.comparing(Tables.Point::nan).thenComparing(down ? values.reversed() : values);
            return Comparator.comparing(each -> subject.metrics().apply(each).get(key), Comparator.nullsLast(points));
        }
        Function<T, @Nullable Object> value = switch (entity) {
            case "tag" -> each -> subject.tags().apply(each).get(key);
            case "param" -> each -> subject.params().apply(each).get(key);
            case "attribute" -> each -> subject.attribute().apply(each, key);
            default -> throw Refusal.invalid("Invalid identifier type '" + entity + "'");
        };
        Comparator<Object> values = Filter::compare;
        return Comparator.comparing(value, Comparator.nullsLast(down ? values.reversed() : values));
    }

    private static int compare(Object left, Object right) {
        if (left instanceof Long a && right instanceof Long b) {
            return Long.compare(a, b);
        }
        return byCodePoints((String) left, (String) right);
    }

    /** Compares as the bytes of UTF-8 compare. */
    static int byCodePoints(String left, String right) {
        int[] a = left.codePoints().toArray();
        int[] b = right.codePoints().toArray();
        return Arrays.compare(a, b);
    }
}
