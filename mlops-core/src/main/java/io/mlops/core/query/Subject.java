package io.mlops.core.query;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A kind of thing that people search for, as the table of what conditions and orders may name. Immutable.
 *
 * <pre>{@code
 * Subject<Model> MODELS = Subject.of(
 *                 Attribute.text("name", Model::name),
 *                 Attribute.time("creation_time", Model::created))
 *         .tags(Model::tags);
 * }</pre>
 *
 * @param <T> what is searched
 */
@CheckReturnValue
public final class Subject<T> {
    private static final List<String> ATTRIBUTES = List.of("attributes", "attribute", "attr");
    private static final String NAME_QUOTES = "`\"";
    private static final String KEY_QUOTES = "`\"'";

    /** A field with the name that stores know it by. */
    record Named<T>(FieldName name, Field<T> field) {}

    /** Finds the field that stands behind a word and a dot. */
    private interface Family<T> extends Function<String, Optional<Named<T>>> {}

    private final Map<String, Named<T>> attributes;
    /** Finders of fields, by the word before the dot; each takes what stands behind it. */
    private final Map<String, Family<T>> families;
    /** Finders of fields for orders, by the function around them and the word before the dot. */
    private final Map<String, Map<String, Family<T>>> functions;
    /** The forms of the families, as errors tell them. */
    private final List<String> choices;

    private final List<String> names;
    private final List<String> order;

    private Subject(
            Map<String, Named<T>> attributes,
            Map<String, Family<T>> families,
            Map<String, Map<String, Family<T>>> functions,
            List<String> choices,
            List<String> names,
            List<String> order) {
        this.attributes = attributes;
        this.families = families;
        this.functions = functions;
        this.choices = choices;
        this.names = names;
        this.order = order;
    }

    /**
     * A subject with these attributes, which conditions name with or without {@code attributes.} before them. Results come
     * in the order of the first of them, which must be there and differ from one to the other, unless
     * {@link #inOrder} says otherwise.
     *
     * @throws IllegalArgumentException if two of them have a name in common
     */
    @SafeVarargs
    public static <T> Subject<T> of(Attribute<T> first, Attribute<T>... more) {
        List<Attribute<T>> all = new ArrayList<>(List.of(first));
        for (Attribute<T> next : more) {
            all.add(next);
        }
        Map<String, Named<T>> attributes = table(FieldName.ATTRIBUTES, all);
        Map<String, Family<T>> families = new HashMap<>();
        ATTRIBUTES.forEach(word -> families.put(word, key -> find(attributes, key)));
        List<String> names = names(all);
        return new Subject<>(attributes, families, Map.of(), List.of(), names, List.of('`' + names.get(0) + '`'));
    }

    private static <T> List<String> names(List<Attribute<T>> attributes) {
        return attributes.stream().map(attribute -> attribute.names().get(0)).toList();
    }

    private static <T> Map<String, Named<T>> table(String entity, List<Attribute<T>> attributes) {
        Map<String, Named<T>> table = new HashMap<>();
        for (Attribute<T> attribute : attributes) {
            FieldName first = FieldName.of(entity, attribute.names().get(0));
            for (String name : attribute.names()) {
                if (table.put(name, new Named<>(first, attribute.field())) != null) {
                    throw new IllegalArgumentException("two attributes have the name " + name);
                }
            }
        }
        return table;
    }

    private static <T> Optional<Named<T>> find(Map<String, Named<T>> table, String name) {
        return Optional.ofNullable(table.get(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * A copy whose attributes may also stand behind this word and a dot, as in {@code run.status}.
     *
     * @throws IllegalArgumentException if something else has that name
     */
    public Subject<T> named(String word) {
        return with(List.of(word), key -> find(attributes, key), null);
    }

    /**
     * A copy that has texts under keys of its own, too, such as {@code params.<key>}, of which any may be missing.
     *
     * @param names what stands before the dot, in any case; errors tell the first
     * @throws IllegalArgumentException if something else has one of the names
     */
    public Subject<T> texts(List<String> names, BiFunction<? super T, String, ? extends @Nullable String> read) {
        requireNonNull(read, "read");
        return keyed(names, key -> new Field.Single<>(new Kind.OptionalText(), item -> read.apply(item, key)));
    }

    /**
     * A copy that has numbers under keys of its own, too, such as {@code metrics.<key>}.
     *
     * @param names what stands before the dot, in any case; errors tell the first
     * @throws IllegalArgumentException if something else has one of the names
     */
    public Subject<T> numbers(List<String> names, BiFunction<? super T, String, ? extends @Nullable Number> read) {
        requireNonNull(read, "read");
        return keyed(names, key -> number(key, read));
    }

    private static <T> Field<T> number(String key, BiFunction<? super T, String, ? extends @Nullable Number> read) {
        return new Field.Single<>(new Kind.Numeric(), item -> Attribute.longOrDouble(read.apply(item, key)));
    }

    /**
     * A copy that can also be ordered by a function of its numbers, such as {@code max(metrics.<key>)}.
     *
     * @param function in any case
     * @param names what stands before the dot, in any case; errors tell the first
     */
    public Subject<T> function(
            String function, List<String> names, BiFunction<? super T, String, ? extends @Nullable Number> read) {
        requireNonNull(read, "read");
        Map<String, Family<T>> fields = new LinkedHashMap<>();
        String around = function.toLowerCase(Locale.ROOT);
        Family<T> family = key -> Optional.of(new Named<>(new FieldName(names.get(0), key, around), number(key, read)));
        names.forEach(name -> fields.put(name.toLowerCase(Locale.ROOT), family));
        Map<String, Map<String, Family<T>>> all = new HashMap<>(functions);
        all.put(around, fields);
        return new Subject<>(attributes, families, all, choices, this.names, order);
    }

    /** A copy that has tags, too: {@code tags.<key>}. */
    public Subject<T> tags(Function<? super T, Map<String, String>> read) {
        requireNonNull(read, "read");
        return texts(List.of("tags", "tag"), (item, key) -> read.apply(item).get(key));
    }

    /**
     * A copy with attributes that are only named behind a word and a dot, as in {@code dataset.digest}.
     *
     * @param names what stands before the dot, in any case; errors tell the first
     * @throws IllegalArgumentException if something else has one of the names
     */
    public Subject<T> parts(List<String> names, List<Attribute<T>> parts) {
        Map<String, Named<T>> table = table(names.get(0), parts);
        return with(names, key -> find(table, key), names.get(0) + ".<" + oneOf(names(parts)) + ">");
    }

    /**
     * A copy whose results come in this order where a search asks for no other, or leaves several in the same place.
     *
     * @param terms such as {@code start_time DESC}; the value of the last must be there and differ from one to the other
     * @throws IllegalArgumentException if one of the terms cannot be read
     */
    public Subject<T> inOrder(String... terms) {
        if (terms.length == 0) {
            throw new IllegalArgumentException("an order needs one term at least");
        }
        Subject<T> ordered = new Subject<>(attributes, families, functions, choices, names, List.of(terms));
        Order<T> unused = Order.of(ordered, List.of());
        return ordered;
    }

    private Subject<T> keyed(List<String> names, Function<String, Field<T>> field) {
        String entity = names.get(0);
        return with(
                names, key -> Optional.of(new Named<>(FieldName.of(entity, key), field.apply(key))), entity + ".<key>");
    }

    private Subject<T> with(List<String> names, Family<T> family, @Nullable String choice) {
        Map<String, Family<T>> all = new HashMap<>(families);
        for (String name : names) {
            if (all.put(name.toLowerCase(Locale.ROOT), family) != null) {
                throw new IllegalArgumentException("what stands before the dot is named twice: " + name);
            }
        }
        List<String> told = new ArrayList<>(choices);
        if (choice != null) {
            told.add(choice);
        }
        return new Subject<>(attributes, all, functions, told, this.names, order);
    }

    /** The terms that end every order. */
    List<String> order() {
        return order;
    }

    /** Reads what an order names, which may also be {@code max(metrics.auc)}. */
    Named<T> readForOrder(QueryText text) {
        int position = text.position();
        Optional<String> function = text.function();
        if (function.isEmpty()) {
            return read(text);
        }
        Map<String, Family<T>> known = functions.get(function.get().toLowerCase(Locale.ROOT));
        if (known == null) {
            throw text.expected(choices(), position);
        }
        int argument = text.position();
        String family = text.quoted("`").or(text::word).orElse("");
        Family<T> fields = known.get(family.toLowerCase(Locale.ROOT));
        if (fields == null || !text.symbol('.')) {
            throw text.expected(function.get() + " of " + String.join(" or ", known.keySet()) + ".<key>", argument);
        }
        Named<T> named = fields.apply(key(text)).orElseThrow(() -> text.expected(choices(), argument));
        if (!text.symbol(')')) {
            throw text.expected(")");
        }
        return named;
    }

    /** Reads what a condition or an order names, such as {@code metrics.auc}, {@code params.`my key`} or {@code status}. */
    Named<T> read(QueryText text) {
        int position = text.position();
        // Names in double quotes stand alone, as on MLflow.
        boolean alone = text.atQuote("\"");
        Optional<String> quoted = text.quoted(NAME_QUOTES);
        String first = quoted.or(text::word).orElseThrow(() -> text.expected(choices(), position));
        if (alone || !text.symbol('.')) {
            return find(attributes, first).orElseThrow(() -> text.expected(choices(), position));
        }
        String key = key(text);
        return Optional.ofNullable(families.get(first.toLowerCase(Locale.ROOT)))
                .flatMap(family -> family.apply(key))
                .orElseThrow(() -> text.expected(choices(), position));
    }

    private static String key(QueryText text) {
        return text.quoted(KEY_QUOTES)
                .or(text::dotted)
                .orElseThrow(() -> text.expected("a key, such as auc or `my key`"));
    }

    private String choices() {
        String own = "one of " + String.join(", ", names);
        return choices.isEmpty() ? own : String.join(", ", choices) + " or " + own;
    }

    private static String oneOf(List<String> names) {
        int last = names.size() - 1;
        return last <= 0
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }
}
