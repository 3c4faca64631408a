package io.mlops.api.common;

/** A numbered version of a model or dataset: its id alone, or the version with all that a store knows of it. */
public interface NumberedVersion {
    /** The name of the model or dataset. */
    String name();

    /** The number of the version, which begins at 1. */
    int number();
}
