package io.mlops.samples;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Reads census rows from CSV, or says in which file, line and column it cannot. */
final class CensusCsv {
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    /** The character that the JDK puts in place of bytes that are not UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    /** More would only drown what training can learn from the other rows. */
    private static final double LARGEST = 1e9;

    private static final int SHOWN = 40;

    private final String file;

    CensusCsv(String file) {
        this.file = file;
    }

    List<CensusRow> parse(byte[] csv) throws BadInputException {
        String text = new String(csv, StandardCharsets.UTF_8);
        CsvLine.Handler position = new CsvLine.Handler();
        Iterator<CsvLine> lines = CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE) // checked here, where the column has a name
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .build(position, text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text)
                .iterator();
        List<String> names = List.of();
        try {
            if (!lines.hasNext()) {
                throw new BadInputException(file + ":1: empty, the first line must name the columns");
            }
            names = header(lines.next());
            List<CensusRow> rows = new ArrayList<>();
            while (lines.hasNext()) {
                rows.add(row(names, lines.next()));
            }
            return rows;
        } catch (CsvParseException e) {
            String column = name(names, position.cell());
            throw bad(position.line(), column, "a quote that is never closed, or goes on after its end");
        }
    }

    private List<String> header(CsvLine line) throws BadInputException {
        List<String> names = line.cells();
        checkText(List.of(), line);
        List<String> needed = new ArrayList<>(Census.CATEGORIES);
        Census.NUMBERS.forEach(number -> needed.add(number.name()));
        needed.add(Census.INCOME);
        for (String name : needed) {
            if (!names.contains(name)) {
                throw bad(line.number(), name, "not in the header");
            }
            if (names.indexOf(name) != names.lastIndexOf(name)) {
                throw bad(line.number(), name, "twice in the header");
            }
        }
        return names;
    }

    private CensusRow row(List<String> names, CsvLine line) throws BadInputException {
        int cells = line.cells().size();
        if (cells != names.size()) {
            String column = name(names, Math.min(cells, names.size()));
            throw bad(line.number(), column, "the row has %s cells, the header %s".formatted(cells, names.size()));
        }
        checkText(names, line);
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < cells; i++) {
            values.put(names.get(i), line.cells().get(i));
        }
        values.values().removeIf(String::isEmpty);

        Map<String, Double> numbers = new HashMap<>();
        for (Census.NumberColumn column : Census.NUMBERS) {
            String value = values.get(column.name());
            if (value != null) {
                numbers.put(column.name(), number(line, column.name(), value));
            }
        }
        String income = values.getOrDefault(Census.INCOME, "");
        if (!income.equals(Census.LOW) && !income.equals(Census.HIGH)) {
            throw bad(line.number(), Census.INCOME, shown(income) + " is neither '<=50K' nor '>50K'");
        }
        values.keySet().retainAll(Census.CATEGORIES);
        return new CensusRow(numbers, values, income);
    }

    private double number(CsvLine line, String column, String value) throws BadInputException {
        try {
            // Stricter than Double.parseDouble, which takes 'NaN', '39d' and spaces.
            double number = new BigDecimal(value).doubleValue();
            if (Math.abs(number) <= LARGEST) {
                return number;
            }
            throw bad(line.number(), column, shown(value) + " is too large");
        } catch (NumberFormatException e) {
            throw bad(line.number(), column, shown(value) + " is not a number");
        }
    }

    private void checkText(List<String> names, CsvLine line) throws BadInputException {
        for (int i = 0; i < line.cells().size(); i++) {
            if (line.cells().get(i).indexOf(REPLACEMENT) >= 0) {
                throw bad(line.number(), name(names, i), "not UTF-8");
            }
        }
    }

    private BadInputException bad(long line, String column, String problem) {
        return new BadInputException("%s:%s: column %s: %s".formatted(file, line, column, problem));
    }

    /** By its number where the header has no name for it. */
    private static String name(List<String> names, int index) {
        return index < names.size() ? names.get(index) : String.valueOf(index + 1);
    }

    private static String shown(String cell) {
        return "'" + (cell.length() > SHOWN ? cell.substring(0, SHOWN) + "..." : cell) + "'";
    }
}
