package io.mlops.samples;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.ArrayList;
import java.util.List;

/** The cells of a row, and the line on which it starts. */
record CsvLine(long number, List<String> cells) {
    CsvLine {
        cells = List.copyOf(cells);
    }

    /** Collects them, and knows the position when the reader cannot go on. */
    static final class Handler extends AbstractBaseCsvCallbackHandler<CsvLine> {
        private final List<String> cells = new ArrayList<>();

        long line() {
            return getStartingLineNumber();
        }

        int cell() {
            return cells.size();
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            cells.clear();
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            cells.add(new String(buffer, offset, length));
        }

        @Override
        protected CsvLine buildRecord() {
            return new CsvLine(getStartingLineNumber(), cells);
        }
    }
}
