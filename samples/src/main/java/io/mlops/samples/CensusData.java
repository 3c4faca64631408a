package io.mlops.samples;

import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Census rows, three quarters of them to learn from, the rest held out.
 *
 * @param origin where they come from, for people
 * @param reference the same for the store, with their digest
 */
record CensusData(String origin, DataReference reference, List<CensusRow> training, List<CensusRow> heldOut) {
    /** Three times the real census; a few hundred megabytes as objects. */
    private static final int MAX_BYTES = 16_000_000;

    private static final int ROWS = 4_000;
    private static final long SEED = 42;
    private static final int HOLD_OUT_EVERY = 4;

    /** Rows made up here, the same each time. */
    static CensusData generated() throws BadInputException {
        byte[] csv = CensusGenerator.csv(ROWS, SEED).getBytes(StandardCharsets.UTF_8);
        return of("generated", "generated with seed " + SEED, csv);
    }

    static CensusData from(Path file) throws BadInputException {
        return of(file.toString(), "from " + file, read(file));
    }

    int size() {
        return training.size() + heldOut.size();
    }

    private static CensusData of(String name, String origin, byte[] csv) throws BadInputException {
        List<CensusRow> training = new ArrayList<>();
        List<CensusRow> heldOut = new ArrayList<>();
        Map<String, Integer> rowsPerClass = new HashMap<>();
        for (CensusRow row : new CensusCsv(name).parse(csv)) {
            boolean holdOut = rowsPerClass.merge(row.income(), 1, Integer::sum) % HOLD_OUT_EVERY == 0;
            (holdOut ? heldOut : training).add(row);
        }
        for (String income : List.of(Census.LOW, Census.HIGH)) {
            int rows = rowsPerClass.getOrDefault(income, 0);
            if (rows < HOLD_OUT_EVERY) {
                throw new BadInputException("%s: column %s: %s rows with '%s', at least %s are needed"
                        .formatted(name, Census.INCOME, rows, income, HOLD_OUT_EVERY));
            }
        }
        return new CensusData(origin, DataReference.external("census", sha256(csv), name), training, heldOut);
    }

    private static byte[] read(Path file) throws BadInputException {
        if (Files.isDirectory(file)) {
            throw new BadInputException(file + ": a folder, not a CSV file");
        }
        try {
            byte[] csv;
            try (InputStream in = Files.newInputStream(file)) {
                csv = in.readNBytes(MAX_BYTES + 1);
            }
            if (csv.length > MAX_BYTES) {
                throw new BadInputException(file + ": larger than 16 MB, which is more than this sample reads");
            }
            return csv;
        } catch (NoSuchFileException e) {
            throw new BadInputException(file + ": no such file");
        } catch (AccessDeniedException e) {
            throw new BadInputException(file + ": no permission to read it");
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private static Digest sha256(byte[] bytes) {
        try {
            return Digest.sha256(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
