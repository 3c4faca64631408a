package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private References() {}

    static VersionReference parse(String text) {
        checkOurs(text);
        int hash = text.lastIndexOf('#');
        if (hash > 0) {
            return new VersionReference.Digested(text.substring(0, hash), Digest.parse(text.substring(hash + 1)));
        }
        int at = text.lastIndexOf('@');
        if (at > 0 && !FOREIGN_NUMBER.matcher(text).matches()) {
            return new VersionReference.Aliased(text.substring(0, at), text.substring(at + 1));
        }
        Matcher numbered = NUMBERED.matcher(text);
        if (at <= 0 && numbered.matches()) {
            return new ModelVersionId(numbered.group(1), number(numbered.group(2)));
        }
        throw new IllegalArgumentException("'" + Names.printable(text) + "' names no version: write " + ours(text));
    }

    /**
     * Refuses text that names a version or an alias as MLflow's addresses do.
     *
     * @throws IllegalArgumentException with the same as we write it
     */
    static String checkOurs(String text) {
        Matcher foreign = OF_MLFLOW.matcher(requireNonNull(text, "text"));
        if (!foreign.matches()) {
            return text;
        }
        String rest = foreign.group(1);
        Matcher last = LAST_PART.matcher(rest);
        // On MLflow, what follows the last slash may also be a stage, which aliases took the place of.
        boolean alias = last.matches() && !NUMBERED.matcher(rest).matches();
        throw new IllegalArgumentException("'" + Names.printable(text) + "' is an address of MLflow's: write "
                + (alias ? aliased(last) : ours(rest)));
    }

    /** What to write instead of a text that is not ours; a text that is comes back as it is. */
    private static String ours(String text) {
        String shown = Names.printable(text);
        if (text.indexOf('#') > 0) {
            return shown;
        }
        Matcher number = FOREIGN_NUMBER.matcher(text);
        if (number.matches()) {
            return Names.printable(number.group(1) + "/" + number.group(2));
        }
        Matcher alias = FOREIGN_ALIAS.matcher(text);
        if (alias.matches()) {
            return aliased(alias);
        }
        Matcher last = LAST_PART.matcher(text);
        if (last.matches() && last.group(2).equalsIgnoreCase(VersionReference.Aliased.LATEST)) {
            return aliased(last);
        }
        boolean whole = text.indexOf('@') > 0 || NUMBERED.matcher(text).matches();
        return whole ? shown : shown + "/7, " + shown + "@champion, " + shown + "@latest or " + shown + "#sha256:…";
    }

    /** The name and the alias that a matcher found, as we write them. */
    private static String aliased(Matcher found) {
        String alias = found.group(2);
        boolean latest = alias.equalsIgnoreCase(VersionReference.Aliased.LATEST);
        return Names.printable(found.group(1) + "@" + (latest ? VersionReference.Aliased.LATEST : alias));
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
