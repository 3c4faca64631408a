package io.mlops.core;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import java.util.EnumSet;
import java.util.Set;

/**
 * Two backends that an {@code Mlops} records to. Its own stores are refused: whoever wrote to them would have to wait for
 * both, and whoever read from them would not know from which. Thread-safe.
 */
record TeeBackend(Backend first, Backend second) implements Backend {
    TeeBackend {
        requireNonNull(first, "first");
        requireNonNull(second, "second");
        if (first == second || sameAddress(first.info().name(), second.info().name())) {
            throw new IllegalArgumentException(
                    "both backends of a tee are the same place: use it without a tee, or name another");
        }
        if (first instanceof TeeBackend || second instanceof TeeBackend) {
            throw new IllegalArgumentException("a tee has two backends that are no tees: leave one out");
        }
    }

    /** Two backends of one folder would count every point twice. Those without an address have nothing in common. */
    private static boolean sameAddress(String name, String other) {
        return name.equals(other) && name.indexOf(':') >= 0;
    }

    @Override
    public BackendInfo info() {
        Set<Capability> both = EnumSet.allOf(Capability.class);
        both.retainAll(first.info().capabilities());
        both.retainAll(second.info().capabilities());
        if (isPersistent(first) || isPersistent(second)) {
            // What was recorded is found again in that one.
            both.add(Capability.PERSISTENT);
        }
        return new BackendInfo(
                "tee of " + first.info().name() + " and " + second.info().name(), both);
    }

    private static boolean isPersistent(Backend backend) {
        return backend.info().capabilities().contains(Capability.PERSISTENT);
    }

    @Override
    public boolean exists() {
        return first.exists() && second.exists();
    }

    @Override
    public ExperimentStore experiments() {
        throw refused();
    }

    @Override
    public RunStore runs() {
        throw refused();
    }

    @Override
    public ArtifactStore artifacts() {
        throw refused();
    }

    @Override
    public ModelStore models() {
        throw refused();
    }

    /** Made nothing and frees nothing: both backends stay their makers'. */
    @Override
    public void close() {}

    private UnsupportedByBackendException refused() {
        return new UnsupportedByBackendException(
                "the stores of a " + info().name() + " are used through Mlops.using(tee), or one by one");
    }
}
