package io.mlops.api.tracker;

import java.util.List;
import java.util.regex.Pattern;

/** Writes tables as RFC 4180 has them: commas, CRLF, and quotes around cells that need them. */
final class CsvText {
    private static final Pattern NEEDS_QUOTES = Pattern.compile("[,\"\r\n]");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?((?:[0-9]++(?:\\.[0-9]++)?|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?|Infinity)");
    private static final String BEGINS_FORMULA = "=+-@\t\r";

    private CsvText() {}

    static String of(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                text.append(i == 0 ? "" : ",").append(cell(row.get(i)));
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    /** The text, so that a spreadsheet shows it and does not compute it; numbers stay what they are. */
    static String noFormula(String text) {
        boolean computed = !text.isEmpty()
                && BEGINS_FORMULA.indexOf(text.charAt(0)) >= 0
                && !NUMBER.matcher(text).matches();
        return computed ? "'" + text : text;
    }

    private static String cell(String value) {
        String text = noFormula(value);
        return NEEDS_QUOTES.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
