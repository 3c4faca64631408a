package io.mlops.api.registry;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.VersionReference;

/** Brings models into this process. A service asks for this; it reads the registry and never writes. Thread-safe. */
public interface ModelServing {
    /**
     * Copies the version that the reference names now into a private folder, verifies every byte of it against the
     * manifest, and hands the folder to the loader. What the loader throws unchecked comes out unchanged.
     *
     * @throws NotFoundException if the reference names nothing
     * @throws CorruptDataException if a byte differs from the manifest, naming the file
     * @throws RefusedException if the loader threw a checked exception, which is the cause, or gave null; or if the folder
     *     for the copy may not be written
     * @throws BackendUnavailableException if the store, or the folder for the copy, cannot be used
     */
    <M> ModelHandle<M> load(VersionReference reference, ModelLoader<M> loader);

    /** A view of the same serving that tells a listener how many bytes of a model are copied and verified. */
    ModelServing progress(Progress listener);

    /** Loads a version by the text form of a reference, such as {@code churn@champion}. */
    default <M> ModelHandle<M> load(String reference, ModelLoader<M> loader) {
        return load(VersionReference.parse(reference), loader);
    }
}
