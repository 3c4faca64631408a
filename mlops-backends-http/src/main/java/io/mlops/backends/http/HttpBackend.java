package io.mlops.backends.http;

import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.wire.Wire;
import java.util.EnumSet;

/** A backend that keeps everything on an MLflow server. Thread-safe. */
public final class HttpBackend implements Backend {
    private final Wire wire;

    private HttpBackend(Wire wire) {
        this.wire = wire;
    }

    /**
     * Prepares the use of the server at an address; nothing is sent yet.
     *
     * @throws IllegalArgumentException if the address has no host, or a query, or another scheme than http and https
     */
    public static HttpBackend at(String address, HttpSettings settings) {
        return new HttpBackend(Wire.to(address, settings));
    }

    @Override
    public BackendInfo info() {
        return new BackendInfo(wire.name(), EnumSet.of(Capability.PERSISTENT));
    }

    @Override
    public ExperimentStore experiments() {
        throw notYet();
    }

    @Override
    public RunStore runs() {
        throw notYet();
    }

    @Override
    public ArtifactStore artifacts() {
        throw notYet();
    }

    @Override
    public ModelStore models() {
        throw notYet();
    }

    private UnsupportedByBackendException notYet() {
        return new UnsupportedByBackendException(wire.name() + " cannot do that yet");
    }

    @Override
    public void close() {
        wire.close();
    }
}
