package io.mlops.api.registry;

import java.nio.file.Path;

/** The code that writes a model into a folder, out of which it is registered. */
@FunctionalInterface
public interface ModelSaver<X extends Exception> {
    /** Writes the files of the model into the folder, which is empty, private, and gone when they are registered. */
    void save(Path folder) throws X;
}
