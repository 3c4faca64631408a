package io.mlops.api.common;

/** One version of a dataset, written {@code customers/3}. Numbers begin at 1. */
public record DatasetVersionId(String dataset, int number) {
    public DatasetVersionId {
        Names.checkName("dataset", dataset);
        Names.checkNumber(number);
    }

    /**
     * Reads the form that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static DatasetVersionId parse(String text) {
        if (VersionReference.parse(text) instanceof VersionReference.Numbered numbered) {
            return new DatasetVersionId(numbered.name(), numbered.number());
        }
        throw new IllegalArgumentException("'" + Names.printable(text) + "' is not a dataset and a number");
    }

    @Override
    public String toString() {
        return dataset + "/" + number;
    }
}
