package io.mlops.api.common;

/** A version of something with a name, as far as its name and its number: an id, or all that a store knows of it. */
public interface NumberedVersion {
    /** The name of the model or dataset. */
    String name();

    /** The number of the version, which begins at 1. */
    int number();
}
