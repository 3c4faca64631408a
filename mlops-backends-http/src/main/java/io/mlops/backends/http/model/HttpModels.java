package io.mlops.backends.http.model;

import io.mlops.api.spi.ModelStore;
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.artifact.VersionPlaces;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.wire.Wire;

/** The models of a server, and where the files of their versions lie. */
public record HttpModels(ModelStore store, VersionPlaces places) {
    /**
     * The models of the server at the other end of the wire.
     *
     * @param writer 12 hex digits that no other backend object has
     */
    public static HttpModels of(
            Wire wire, ServerFacts facts, ExperimentIds experiments, RunIds runs, RemoteFiles files, String writer) {
        Registry registry = new Registry(wire);
        VersionUploads uploads = new VersionUploads(wire, facts, experiments, runs, files);
        return new HttpModels(
                new HttpModelStore(registry, uploads, writer), new ServerVersionPlaces(wire, registry, runs, files));
    }
}
