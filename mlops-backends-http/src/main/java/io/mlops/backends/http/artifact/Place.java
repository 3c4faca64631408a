package io.mlops.backends.http.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.server.FoundRun;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of one owner lie, as the server tells it: data, never followed as it stands.
 *
 * @param root the address of the owner's folder, such as {@code mlflow-artifacts:/1/0a…/artifacts}
 * @param owner whose they are, for what the server reads and writes on our behalf
 * @param folder in that folder, below which the files lie; null if they lie directly in it
 */
public record Place(String root, Owner owner, @Nullable RelativePath folder) {
    /** Whose files they are, in the server's words. */
    public sealed interface Owner {
        /** A run, by the server's own id. */
        record OfRun(String storeId) implements Owner {}

        /** A logged model, by its id. */
        record OfLoggedModel(String modelId) implements Owner {}

        /** A model version, by the name that the server keeps. */
        record OfVersion(String storedName, int number) implements Owner {}
    }

    public Place {
        requireNonNull(root, "root");
        requireNonNull(owner, "owner");
    }

    /** Where the files of a run lie. */
    public static Place of(FoundRun run) {
        return new Place(run.artifactRoot(), new Owner.OfRun(run.storeId()), null);
    }

    /** The part of this place that lies in a folder. */
    public Place in(RelativePath inner) {
        return new Place(root, owner, path(inner));
    }

    /** The address of the folder itself, as the server takes it. */
    public String address() {
        return folder == null ? root : root + "/" + String.join("/", Spelling.of(folder));
    }

    /** The path below the root of what has this path here. */
    RelativePath path(RelativePath here) {
        return folder == null ? here : here.below(folder);
    }

    /** The path below the root of a folder here; null for the root itself. */
    @Nullable
    RelativePath pathOf(@Nullable RelativePath inner) {
        return inner == null ? folder : path(inner);
    }
}
