package io.mlops.contract;

import org.junit.jupiter.api.Nested;

/**
 * Tests all that a backend must do: one suite per store, and what programs get on top. A backend's test extends this,
 * opens the backend, and so runs every suite; there is no way to leave one out. Where a backend promises less, its
 * {@link io.mlops.api.spi.Capability} set says so, and the suites ask for the weaker form.
 */
public abstract class BackendContract extends ProgramContract {
    @Nested
    final class Experiments extends ExperimentStoreContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Runs extends RunStoreContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class RunChanges extends RunChangeContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Metrics extends MetricStoreContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Copies extends RunCopyContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Environments extends EnvironmentContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Search extends RunSearchContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Orders extends RunOrderContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Filters extends RunFilterContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Artifacts extends ArtifactStoreContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Models extends ModelStoreContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class Aliases extends AliasContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class OlderNames extends OlderNamesContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }

    @Nested
    final class SealedTypes extends SealedTypesContract {
        @Override
        ProgramContract contract() {
            return BackendContract.this;
        }
    }
}
