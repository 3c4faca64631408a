package io.mlops.samples;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param data a census file; null for rows made up here
 * @param store where to keep everything
 */
record Options(@Nullable Path data, String store) {
    private static final String USAGE = "usage: java -jar quickstart.jar [--data FILE] [--store ADDRESS]";

    /** Paths are meant from this folder. */
    static Options parse(List<String> arguments, Path folder) throws BadInputException {
        Path data = null;
        String store = "file:" + folder.resolve("mlops-store");
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--data" -> data = path(folder, value(option, rest));
                case "--store" -> store = value(option, rest);
                default -> throw new BadInputException("unknown option '" + option + "'; " + USAGE);
            }
        }
        return new Options(data, store);
    }

    CensusData readData() throws BadInputException {
        return data == null ? CensusData.generated() : CensusData.from(data);
    }

    private static String value(String option, Iterator<String> rest) throws BadInputException {
        String value = rest.hasNext() ? rest.next() : "";
        if (value.isBlank()) {
            throw new BadInputException("option '" + option + "' needs a value; " + USAGE);
        }
        return value;
    }

    private static Path path(Path folder, String text) throws BadInputException {
        try {
            return folder.resolve(text);
        } catch (InvalidPathException e) {
            throw new BadInputException("'" + text + "' is not a path: " + e.getReason());
        }
    }
}
