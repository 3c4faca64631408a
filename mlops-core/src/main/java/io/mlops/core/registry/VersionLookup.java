package io.mlops.core.registry;

import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.ModelStore;
import io.mlops.core.query.NotFound;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the versions of a backend, or says which part of a reference is not there, and what is. Thread-safe. */
record VersionLookup(Backend backend) {
    /** Number of names that are read for a message. */
    private static final int MAX_READ = 1000;

    /**
     * Gets the version that a reference names now.
     *
     * @throws NotFoundException if it names nothing
     */
    ModelVersion get(VersionReference reference) {
        return backend.models().find(reference).orElseThrow(() -> missing(reference));
    }

    /** Says what of a reference that names nothing is not there, and what is near. */
    NotFoundException missing(VersionReference reference) {
        ModelStore models = backend.models();
        String name = reference.name();
        if (!backend.exists()) {
            return NotFound.store("model '" + name + "'", place());
        }
        Model model = models.find(name).orElse(null);
        if (model == null) {
            return NotFound.model(name, place(), modelNames());
        } else if (reference instanceof VersionReference.Aliased aliased) {
            return NotFound.alias(
                    name, aliased.alias(), place(), model.aliases().keySet());
        } else if (reference instanceof ModelVersionId version) {
            return NotFound.version(name, version.number(), place(), numbers(name));
        } else if (reference instanceof VersionReference.Digested digested) {
            return new NotFoundException(
                    "no version of model " + name + " in " + place() + " has the digest " + digested.digest());
        }
        throw new IllegalStateException("no case for " + reference.getClass().getName());
    }

    /** The numbers of the versions of a model; of very many not all are read, since they have no gaps. */
    private List<Integer> numbers(String model) {
        Page<ModelVersion> newest = backend.models().versions(model, PageRequest.first(MAX_READ));
        List<Integer> numbers =
                newest.items().stream().map(ModelVersion::number).sorted().toList();
        return newest.next() == null
                ? numbers
                : IntStream.rangeClosed(1, numbers.get(numbers.size() - 1))
                        .boxed()
                        .toList();
    }

    /** The backend's name of itself. */
    String place() {
        return backend.info().name();
    }

    private List<String> modelNames() {
        return backend.models().models(PageRequest.first(MAX_READ)).items().stream()
                .map(Model::name)
                .toList();
    }
}
