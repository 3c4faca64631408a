package io.mlops.core.environment;

import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The environment of a run as far as it has been found out. Not thread-safe. */
final class FoundEnvironment {
    /** Characters of a text; a longer one comes from nobody honest. */
    private static final int MAX_TEXT = 500;

    private final Map<String, String> facts = new TreeMap<>();
    private final List<Dependency> dependencies = new ArrayList<>();
    private final Map<String, String> missing = new TreeMap<>();

    /** Adds a fact; null and an empty text are none. What cannot be told as a whole is missing, as a part is another. */
    void fact(String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        String text = withoutControls(value);
        if (text.isEmpty()) {
            missing(name, "it is no text");
        } else if (text.length() > MAX_TEXT) {
            missing(name, "it is longer than " + MAX_TEXT + " characters");
        } else {
            facts.put(name, text);
        }
    }

    /** Whether a fact of this name is there, or why it is not. */
    boolean tells(String name) {
        return facts.containsKey(name) || missing.containsKey(name);
    }

    /** Names something that a reproduction needs and that is unknown; the first reason stays. */
    void missing(String name, String why) {
        missing.putIfAbsent(clean(name), why);
    }

    void add(Dependency dependency) {
        dependencies.add(dependency);
    }

    int dependencies() {
        return dependencies.size();
    }

    RunEnvironment result() {
        return new RunEnvironment(facts, dependencies, missing);
    }

    /**
     * Cleans text from elsewhere, so that every store takes it: of bounded length, without control characters or broken
     * ones.
     */
    static String clean(String text) {
        String shown = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
        return withoutControls(shown);
    }

    /** Returns text from elsewhere as a whole, however long, without control characters or broken ones. */
    static String withoutControls(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cs}]", " ").strip();
    }
}
