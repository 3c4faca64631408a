package io.mlops.api.common;

/** One version of a model, written {@code churn/7}. Numbers begin at 1 and have no gaps. */
public record ModelVersionId(String model, int number) implements ArtifactOwner, VersionReference, NumberedVersion {
    public ModelVersionId {
        Names.checkName("model", model);
        Names.checkNumber(number);
    }

    /**
     * Reads the form that {@link #toString} writes, whatever the name holds.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static ModelVersionId parse(String text) {
        return References.numbered(text, ModelVersionId::new);
    }

    /** The same as {@link #model}, for code that takes any reference or version. */
    @Override
    public String name() {
        return model;
    }

    @Override
    public String toString() {
        return model + "/" + number;
    }
}
