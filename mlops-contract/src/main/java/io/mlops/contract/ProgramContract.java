package io.mlops.contract;

import static java.util.Objects.requireNonNull;

import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelServing;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.Tracker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * Tests what a program gets over any backend. A test extends this itself only for a backend that refuses its stores to
 * all but the engine, as one made of two others does; each backend that is a place of its own extends
 * {@link BackendContract}.
 */
public abstract class ProgramContract {
    /** The services that a program works with; {@code whole} closes all of them, and leaves the backend open. */
    public record Services(Tracker tracker, ModelRegistry registry, ModelServing serving, AutoCloseable whole) {}

    private @Nullable Backend backend;
    private @Nullable Services services;

    /** Opens a new, empty backend, once for each test, which closes it. */
    protected abstract Backend open() throws Exception;

    /**
     * Makes the services over the backend of this test, with the standard settings, except that runs record nothing by
     * themselves.
     */
    protected abstract Services services(Backend opened) throws Exception;

    @BeforeEach
    final void openBackend() throws Exception {
        backend = open();
    }

    /** Closes both only after each {@code @AfterEach} of a subclass, which finds them as the test left them. */
    @AfterEach
    final void closeAll() throws Exception {
        try {
            if (services != null) {
                services.whole().close();
            }
        } finally {
            if (backend != null) {
                backend.close();
            }
        }
    }

    /** The backend of this test. */
    protected final Backend backend() {
        return requireNonNull(backend, "opened before each test");
    }

    /** The services of this test, made when they are first asked for. */
    final Services services() throws Exception {
        Services made = services;
        if (made == null) {
            made = services(backend());
            services = made;
        }
        return made;
    }

    @Nested
    final class Tracking extends TrackerContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class TrackerVerbs extends TrackerVerbsContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class StoreRules extends StoreRulesContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Searching extends TrackerSearchContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Limits extends RunLimitsContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Refusals extends RefusalsContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Missing extends MissingContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Registry extends RegistryContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Registration extends RegistrationContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Rollback extends RollbackContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Serving extends ServingContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class Artifacts extends ArtifactsContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }

    @Nested
    final class ProgressReports extends ProgressContract {
        @Override
        ProgramContract contract() {
            return ProgramContract.this;
        }
    }
}
