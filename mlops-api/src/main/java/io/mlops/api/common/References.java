package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text form of references, and tells those of other tools from ours. */
final class References {
    private static final Pattern NUMBERED = Pattern.compile("(.+)/([0-9]+)", Pattern.DOTALL);
    /** Text that begins as MLflow names a version, {@code models:/churn@champion} or {@code models:/churn/7}. */
    private static final Pattern OF_MLFLOW = Pattern.compile("(?i)models:/+(.*)", Pattern.DOTALL);
    /** Numbers as others write them: {@code churn:7}, {@code churn:v7}, {@code churn/v7}, {@code churn@v7}. */
    private static final Pattern FOREIGN_NUMBER = Pattern.compile("(.+)(?::[vV]?|[/@][vV])([0-9]+)", Pattern.DOTALL);

    private static final Pattern FOREIGN_ALIAS = Pattern.compile("(.+):([A-Za-z0-9_-]+)", Pattern.DOTALL);
    /** The newest version, or a stage of old servers, after a slash. */
    private static final Pattern LAST_PART = Pattern.compile("(.+)/([A-Za-z0-9_-]+)", Pattern.DOTALL);
    /** A name with an alias or a digest, both of which may follow whatever else names a version. */
    private static final Pattern MARKED = Pattern.compile("(.+?)[@#].*", Pattern.DOTALL);
    /** A name with a number, or with the word for the newest version, as we or others write it. */
    private static final Pattern COUNTED =
            Pattern.compile("(.+)(?:/[vV]?[0-9]+|:[vV]?[0-9]+|[/:](?i:latest))", Pattern.DOTALL);
    /** The longest text that names a version, by far. */
    private static final int MAX_LENGTH = 2 * (Limits.NAME + Limits.ALIAS);
    /** The longest text that a message shows in full. */
    private static final int MAX_SHOWN = 80;

    private References() {}

    static VersionReference parse(String text) {
        VersionReference ours = read(checkOurs(text));
        if (ours == null) {
            throw new IllegalArgumentException(
                    "'" + Names.printable(text) + "' names no version: write " + instead(text, translated(text)));
        }
        return ours;
    }

    /** Reads a text that no other tool wrote; null if it has none of our forms. */
    private static @Nullable VersionReference read(String text) {
        int hash = text.lastIndexOf('#');
        if (hash > 0) {
            return new VersionReference.Digested(text.substring(0, hash), Digest.parse(text.substring(hash + 1)));
        }
        int at = text.lastIndexOf('@');
        if (at > 0 && !FOREIGN_NUMBER.matcher(text).matches()) {
            return new VersionReference.Aliased(text.substring(0, at), orLatest(text.substring(at + 1)));
        }
        Matcher numbered = NUMBERED.matcher(text);
        return at <= 0 && numbered.matches() ? new ModelVersionId(numbered.group(1), number(numbered.group(2))) : null;
    }

    /**
     * Refuses text that names a version or an alias as MLflow's addresses do.
     *
     * @throws IllegalArgumentException with the same as we write it
     */
    static String checkOurs(String text) {
        Matcher foreign = OF_MLFLOW.matcher(requireNonNull(text, "text"));
        if (foreign.matches()) {
            String rest = foreign.group(1);
            Matcher last = LAST_PART.matcher(rest);
            // On MLflow, what follows the last slash may also be a stage, which aliases took the place of.
            boolean alias = last.matches() && !COUNTED.matcher(rest).matches();
            throw new IllegalArgumentException("'" + Names.printable(text) + "' is an address of MLflow's: write "
                    + instead(rest, alias ? aliased(last) : translated(rest)));
        }
        return text;
    }

    /** The name of the model in a text that would be read as a version of it, in our form or another; null if in none. */
    static @Nullable String modelIn(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        Matcher foreign = OF_MLFLOW.matcher(text);
        String named = text;
        if (foreign.matches()) {
            Matcher last = LAST_PART.matcher(foreign.group(1));
            named = last.matches() ? last.group(1) : foreign.group(1);
        }
        Matcher marked = MARKED.matcher(named);
        String model = marked.matches() ? marked.group(1) : named;
        for (Matcher counted = COUNTED.matcher(model); counted.matches(); counted = COUNTED.matcher(model)) {
            model = counted.group(1);
        }
        return model.equals(text) ? null : model;
    }

    /** A text that is not ours, as we write it; as it stands where there is nothing to translate. */
    private static String translated(String text) {
        if (text.indexOf('#') > 0) {
            return text;
        }
        Matcher number = FOREIGN_NUMBER.matcher(text);
        if (number.matches()) {
            return number.group(1) + "/" + number.group(2);
        }
        Matcher alias = FOREIGN_ALIAS.matcher(text);
        Matcher last = LAST_PART.matcher(text);
        if (alias.matches()) {
            return aliased(alias);
        }
        return last.matches() && last.group(2).equalsIgnoreCase(VersionReference.Aliased.LATEST) ? aliased(last) : text;
    }

    /** The name and the alias that a matcher found, as we write them. */
    private static String aliased(Matcher found) {
        return found.group(1) + "@" + orLatest(found.group(2));
    }

    private static String orLatest(String alias) {
        return alias.equalsIgnoreCase(VersionReference.Aliased.LATEST) ? VersionReference.Aliased.LATEST : alias;
    }

    /** What to write instead of a text: the same as we write it, if that can be read, otherwise each of our forms. */
    private static String instead(String text, String ours) {
        if (ours.length() <= MAX_SHOWN && isOurs(ours)) {
            return ours;
        }
        String model = modelIn(text);
        String name = model == null ? text : model;
        String shown = name.length() <= MAX_SHOWN && Names.isModelName(name) ? name : "churn";
        return shown + "/7, " + shown + "@champion, " + shown + "@latest or " + shown + "#sha256:…";
    }

    private static boolean isOurs(String text) {
        try {
            return !OF_MLFLOW.matcher(text).matches() && read(text) != null;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /** Reads the form name/number alone, whatever the name holds. */
    static <T> T numbered(String text, BiFunction<String, Integer, T> maker) {
        Matcher numbered = NUMBERED.matcher(requireNonNull(text, "text"));
        if (!numbered.matches()) {
            throw new IllegalArgumentException(
                    "'" + Names.printable(text) + "' is not a name, a slash and a version number");
        }
        return maker.apply(numbered.group(1), number(numbered.group(2)));
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException tooLarge) {
            throw new IllegalArgumentException("version number " + Names.printable(digits) + " is too large", tooLarge);
        }
    }
}
