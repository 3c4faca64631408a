package io.mlops.backends.http;

import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import io.mlops.backends.http.artifact.HttpArtifactStore;
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.model.HttpModels;
import io.mlops.backends.http.run.HttpExperimentStore;
import io.mlops.backends.http.run.HttpRunStore;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.wire.Wire;
import java.util.EnumSet;
import java.util.UUID;

/** A backend that keeps everything on an MLflow server. Thread-safe. */
public final class HttpBackend implements Backend {
    private static final int WRITER_DIGITS = 12;

    private final Wire wire;
    private final ExperimentStore experiments;
    private final RunStore runs;
    private final ArtifactStore artifacts;
    private final ModelStore models;

    private HttpBackend(Wire wire) {
        this.wire = wire;
        ServerFacts facts = new ServerFacts(wire);
        ExperimentIds ids = new ExperimentIds(wire);
        RunIds runIds = new RunIds(wire, ids);
        RemoteFiles files = new RemoteFiles(wire, facts);
        String writer = newWriter();
        HttpModels ofModels = HttpModels.of(wire, facts, ids, runIds, files, writer);
        this.experiments = new HttpExperimentStore(wire, facts, ids);
        this.runs = new HttpRunStore(wire, facts, ids, runIds, files);
        this.artifacts = new HttpArtifactStore(runIds, files, ofModels.places(), writer);
        this.models = ofModels.store();
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
        return artifacts;
    }

    @Override
    public ModelStore models() {
        return models;
    }

    /** A name that no other object of any process has. */
    private static String newWriter() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, WRITER_DIGITS);
    }

    @Override
    public void close() {
        wire.close();
    }
}
