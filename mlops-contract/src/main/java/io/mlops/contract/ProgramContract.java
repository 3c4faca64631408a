package io.mlops.contract;

import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelServing;
import io.mlops.api.tracker.Tracker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What a program gets over any backend, whose stores the other suites test. */
public abstract class ProgramContract {
    /** What a program works with; {@code whole} is closed after each test. */
    public record Services(Tracker tracker, ModelRegistry registry, ModelServing serving, AutoCloseable whole) {}

    private Services services;

    /** All over a new, empty backend, with the standard settings, except that runs record nothing by themselves. */
    protected abstract Services open() throws Exception;

    @BeforeEach
    void openServices() throws Exception {
        services = open();
    }

    @AfterEach
    void closeServices() throws Exception {
        services.whole().close();
    }

    /** The tracker under test. */
    protected final Tracker tracker() {
        return services.tracker();
    }

    /** The registry under test. */
    protected final ModelRegistry registry() {
        return services.registry();
    }

    /** The serving under test. */
    protected final ModelServing serving() {
        return services.serving();
    }
}
