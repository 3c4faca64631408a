package io.mlops.api.tracker;

import java.util.ArrayList;
import java.util.List;

/** Columns that are as wide as their longest cell, two spaces apart. A cell is one line, cut where it is long. */
final class TextTable {
    private static final int MAX_WIDTH = 40;

    private TextTable() {}

    static String of(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), width(oneLine(row.get(i)))));
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String cell = oneLine(row.get(i));
                line.append(cell).append(" ".repeat(widths.get(i) - width(cell) + 2));
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private static String oneLine(String cell) {
        String line = cell.replaceAll("\\s+", " ");
        return width(line) <= MAX_WIDTH ? line : line.substring(0, line.offsetByCodePoints(0, MAX_WIDTH - 1)) + "…";
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
