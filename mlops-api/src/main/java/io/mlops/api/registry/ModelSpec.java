package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Limits;
import io.mlops.api.common.Names;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.schema.ModelSignature;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The description of a version that is to be registered.
 *
 * @param files where they are; null if they come with the registration. Files with an {@code MLmodel} among them are
 *     taken as they are, whoever wrote it, others get one
 * @param key your own name for this registration; random if null
 */
@CheckReturnValue
public record ModelSpec(
        String model,
        @Nullable ModelSource files,
        @Nullable RunId run,
        @Nullable ModelSignature signature,
        List<DatasetVersionId> datasets,
        @Nullable Integer parent,
        @Nullable String key,
        String description,
        Map<String, String> tags) {
    public ModelSpec {
        requireNonNull(datasets, "datasets");
        requireNonNull(tags, "tags");
        Names.checkModelName(model);
        datasets = List.copyOf(datasets);
        if (parent != null && parent < 1) {
            throw new IllegalArgumentException("the parent must be a version of " + model + ", not " + parent);
        }
        if (key != null) {
            Names.checkStored("the key", key, Limits.REGISTRATION_KEY, "");
            if (key.isBlank()) {
                throw new IllegalArgumentException("the key is blank: without one, a random one is chosen");
            }
        }
        var unused = new ModelChange.Described(description);
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        tags.forEach(ModelChange.Tagged::new);
    }

    /** The next version of this model, from a local file, or from a folder that is taken whole. */
    public static ModelSpec of(String model, Path fileOrFolder) {
        return of(model, new ModelSource.Local(fileOrFolder));
    }

    /** The next version of this model, from one file of this name, such as {@code model.ubj}. */
    public static ModelSpec of(String model, String file, Content content) {
        RelativePath path = RelativePath.of(file);
        return of(model, new ModelSource.Contents(new TreeMap<>(Map.of(path, requireNonNull(content, "content")))));
    }

    /**
     * The next version of this model, from an artifact of a run, or from all below a folder of its artifacts ({@code ""}
     * for all of them). The run is the one that made it. A store that can keeps the bytes once for both.
     */
    public static ModelSpec ofArtifacts(String model, RunId run, String path) {
        return of(model, new ModelSource.OfRun(run, path)).run(run);
    }

    /** The next version of this model, whose files a {@link ModelSaver} writes when it is registered. */
    public static ModelSpec of(String model) {
        return of(model, (ModelSource) null);
    }

    private static ModelSpec of(String model, @Nullable ModelSource files) {
        return new ModelSpec(model, files, null, null, List.of(), null, null, "", Map.of());
    }

    /** A copy with its files, in place of others. */
    public ModelSpec files(ModelSource from) {
        return new ModelSpec(
                model, requireNonNull(from, "from"), run, signature, datasets, parent, key, description, tags);
    }

    /** A copy with the run that made it. */
    public ModelSpec run(RunId maker) {
        return new ModelSpec(
                model, files, requireNonNull(maker, "maker"), signature, datasets, parent, key, description, tags);
    }

    /** A copy with the inputs and outputs of the model. */
    public ModelSpec signature(ModelSignature fields) {
        return new ModelSpec(
                model, files, run, requireNonNull(fields, "fields"), datasets, parent, key, description, tags);
    }

    /** A copy with the data that the model learned from. */
    public ModelSpec trainedOn(DatasetVersionId... versions) {
        return new ModelSpec(model, files, run, signature, List.of(versions), parent, key, description, tags);
    }

    /** A copy with the version that this one came from. */
    public ModelSpec parent(int number) {
        return new ModelSpec(model, files, run, signature, datasets, number, key, description, tags);
    }

    /**
     * A copy with your own name for this registration: registering the same files twice with it makes one version, other
     * files are a conflict.
     */
    public ModelSpec key(String own) {
        return new ModelSpec(
                model, files, run, signature, datasets, parent, requireNonNull(own, "own"), description, tags);
    }

    /** A copy with a text for people; at most 5000 characters. */
    public ModelSpec description(String text) {
        return new ModelSpec(model, files, run, signature, datasets, parent, key, text, tags);
    }

    /** A copy with one more tag of the version. */
    public ModelSpec tag(String tagKey, String value) {
        ModelChange.Tagged checked = new ModelChange.Tagged(tagKey, value);
        Map<String, String> more = new TreeMap<>(tags);
        more.put(checked.key(), checked.value());
        return new ModelSpec(model, files, run, signature, datasets, parent, key, description, more);
    }
}
