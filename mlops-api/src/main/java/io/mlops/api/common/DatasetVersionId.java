package io.mlops.api.common;

/** One version of a dataset, written {@code customers/3}. Numbers begin at 1. */
public record DatasetVersionId(String dataset, int number) implements NumberedVersion {
    public DatasetVersionId {
        Names.checkName("dataset", dataset);
        Names.checkNumber(number);
    }

    /**
     * Reads the form that {@link #toString} writes, whatever the name holds.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static DatasetVersionId parse(String text) {
        return References.numbered(text, DatasetVersionId::new);
    }

    /** The same as {@link #dataset}, for code that takes a version of anything. */
    @Override
    public String name() {
        return dataset;
    }

    @Override
    public String toString() {
        return dataset + "/" + number;
    }
}
