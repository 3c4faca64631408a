package io.mlops.api.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Limits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes params of values and of the components of records, as text. */
final class ParamText {
    private ParamText() {}

    static String of(String key, Object value) {
        requireNonNull(value, "the value of param '" + key + "'");
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Path
                || value instanceof TemporalAmount
                || value instanceof TemporalAccessor) {
            return value.toString();
        }
        throw new IllegalArgumentException("param '" + key + "' is a "
                + value.getClass().getName() + ", which has no plain text form: pass text, or store it as an artifact");
    }

    static List<RunFact> ofComponents(Record values) {
        List<RunFact> facts = new ArrayList<>();
        collect("", values, facts, 1);
        return List.copyOf(facts);
    }

    private static void collect(String prefix, Record values, List<RunFact> facts, int depth) {
        if (depth > Limits.RECORD_DEPTH) {
            throw new IllegalArgumentException(
                    "params of " + values.getClass().getName() + " are nested more than " + Limits.RECORD_DEPTH
                            + " records deep, at '" + prefix.substring(0, Math.min(40, prefix.length())) + "…'");
        }
        for (RecordComponent component : values.getClass().getRecordComponents()) {
            String key = prefix + component.getName();
            Object value = read(values, component);
            if (value instanceof Record nested) {
                collect(key + ".", nested, facts, depth + 1);
            } else {
                facts.add(value == null ? new RunFact.ParamSet(key, "null") : RunFact.param(key, value));
            }
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
