package io.mlops.contract;

import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelServing;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Tracker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The common part of the suites that see a backend as programs do. */
abstract class ProgramSuite {
    private ProgramContract.Services services;

    /** The contract that this suite is part of, which opens and closes the services. */
    abstract ProgramContract contract();

    @BeforeEach
    void openServices() throws Exception {
        services = contract().services();
    }

    /** The tracker under test. */
    final Tracker tracker() {
        return services.tracker();
    }

    /** The registry under test. */
    final ModelRegistry registry() {
        return services.registry();
    }

    /** The serving under test. */
    final ModelServing serving() {
        return services.serving();
    }

    /** The paths of the files of a version, in order. */
    final List<String> paths(ModelVersion version) {
        return registry().files(version.id()).list("").stream()
                .map(entry -> entry.path().value())
                .toList();
    }

    /** The text of a file of a version. */
    final String read(ModelVersion version, String path) throws IOException {
        return new String(registry().files(version.id()).open(path).readAllBytes(), StandardCharsets.UTF_8);
    }
}
