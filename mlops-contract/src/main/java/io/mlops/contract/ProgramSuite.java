package io.mlops.contract;

import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelServing;
import io.mlops.api.tracker.Tracker;
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
}
