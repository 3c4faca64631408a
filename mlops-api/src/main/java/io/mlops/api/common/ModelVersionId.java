package io.mlops.api.common;

/** One version of a model, written {@code churn/7}. Numbers begin at 1 and have no gaps. */
public record ModelVersionId(String model, int number) implements ArtifactOwner {
    public ModelVersionId {
        Names.checkName("model", model);
        Names.checkNumber(number);
    }

    @Override
    public String toString() {
        return model + "/" + number;
    }
}
