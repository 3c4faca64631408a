package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Addresses;
import io.mlops.api.common.Limits;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes params of values, of the entries of maps and of the components of records, as text. */
final class ParamText {
    private ParamText() {}

    static String of(String key, @Nullable Object value) {
        Object there = withoutOptional(value);
        if (there == null) {
            return "null";
        }
        String text = plain(there);
        if (text != null) {
            return text;
        } else if (ListText.isList(there)) {
            return ListText.of(key, there);
        }
        String instead = there instanceof Map<?, ?> || there instanceof Record
                ? "pass it to params(…), which makes a param of each part"
                : orText(there);
        throw refused("param '" + key + "' is", there, instead);
    }

    /** The one text that everybody expects of a value; null if there is none. */
    static @Nullable String plain(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        } else if (value instanceof Class<?> type) {
            return type.getTypeName();
        } else if (value instanceof Locale locale) {
            return locale.toLanguageTag();
        } else if (value instanceof URI || value instanceof URL) {
            return Addresses.withoutSecrets(value.toString());
        }
        return isPlain(value) ? value.toString() : null;
    }

    private static boolean isPlain(Object value) {
        return value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Path
                || value instanceof File
                || value instanceof UUID
                || value instanceof TemporalAmount
                || value instanceof TemporalAccessor
                || value instanceof ZoneId
                || value instanceof Charset
                || value instanceof Currency;
    }

    /** The value of an optional one; null if it is empty. */
    static @Nullable Object withoutOptional(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return withoutOptional(optional.orElse(null));
        } else if (value instanceof OptionalInt number) {
            return number.isPresent() ? number.getAsInt() : null;
        } else if (value instanceof OptionalLong number) {
            return number.isPresent() ? number.getAsLong() : null;
        } else if (value instanceof OptionalDouble number) {
            return number.isPresent() ? number.getAsDouble() : null;
        }
        return value;
    }

    /** The error for what a list or array holds, which has no key of its own under which its parts could go. */
    static IllegalArgumentException refusedIn(String key, Object value) {
        return refused("param '" + key + "' holds", value, orText(value));
    }

    private static String orText(Object value) {
        return value instanceof Collection<?>
                ? "pass a list, which has an order"
                : "pass text, or store it as an artifact";
    }

    private static IllegalArgumentException refused(String what, Object value, String instead) {
        return new IllegalArgumentException(
                what + " a " + value.getClass().getName() + ", which has no plain text form: " + instead);
    }

    static List<RunFact> ofComponents(Record values) {
        List<RunFact> facts = new ArrayList<>();
        collect("", values, facts, 1);
        return List.copyOf(facts);
    }

    static List<RunFact> ofEntries(Map<String, ? extends @Nullable Object> values) {
        List<RunFact> facts = new ArrayList<>();
        collect("", values, facts, 1);
        return List.copyOf(facts);
    }

    /** Collects the params of a map or record and of those within it, each under the keys that lead to it. */
    private static void collect(String prefix, Object values, List<RunFact> facts, int depth) {
        if (depth > Limits.RECORD_DEPTH) {
            throw new IllegalArgumentException(
                    "params of " + values.getClass().getName() + " are nested more than " + Limits.RECORD_DEPTH
                            + " records deep, at '" + prefix.substring(0, Math.min(40, prefix.length())) + "…'");
        }
        if (values instanceof Record holder) {
            for (RecordComponent component : holder.getClass().getRecordComponents()) {
                add(prefix + component.getName(), read(holder, component), facts, depth);
            }
        } else if (values instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                add(
                        prefix + requireNonNull(entry.getKey(), "the key of the param is null: give one"),
                        entry.getValue(),
                        facts,
                        depth);
            }
        }
    }

    private static void add(String key, @Nullable Object value, List<RunFact> facts, int depth) {
        Object there = withoutOptional(value);
        if (there instanceof Record || there instanceof Map<?, ?>) {
            collect(key + ".", there, facts, depth + 1);
        } else {
            facts.add(new RunFact.ParamSet(key, of(key, there)));
        }
    }

    private static @Nullable Object read(Record values, RecordComponent component) {
        Method accessor = component.getAccessor();
        // The record may be private to the program's class; its module must be open to this one.
        if (!accessor.trySetAccessible()) {
            Class<?> type = values.getClass();
            throw new IllegalArgumentException("params of " + type.getName() + " cannot be read: add 'opens "
                    + type.getPackageName() + " to io.mlops.api' to its module-info, or pass a map");
        }
        try {
            return accessor.invoke(values);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "param '" + component.getName() + "' of "
                            + values.getClass().getName() + " cannot be read",
                    e.getCause());
        }
    }
}
