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
import io.mlops.backends.http.run.HttpExperimentStore;
import io.mlops.backends.http.run.HttpRunStore;
import io.mlops.backends.http.run.ProxiedFiles;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.wire.Wire;
import java.util.EnumSet;

/** A backend that keeps everything on an MLflow server. Thread-safe. */
public final class HttpBackend implements Backend {
    private final Wire wire;
    private final ExperimentStore experiments;
    private final RunStore runs;

    private HttpBackend(Wire wire) {
        this.wire = wire;
        ServerFacts facts = new ServerFacts(wire);
        ExperimentIds ids = new ExperimentIds(wire);
        this.experiments = new HttpExperimentStore(wire, facts, ids);
        this.runs = new HttpRunStore(wire, facts, ids, new RunIds(wire, ids), new ProxiedFiles(wire));
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
        return new BackendInfo(wire.name(), EnumSet.of(Capability.PERSISTENT, Capability.BATCH_OFFSETS));
    }

    @Override
    public ExperimentStore experiments() {
        return experiments;
    }

    @Override
    public RunStore runs() {
        return runs;
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
