package io.mlops.backends.http.server;

import io.mlops.api.common.RunId;

/**
 * What never changes of a run that was found.
 *
 * @param storeId the server's own id, 32 hex digits
 * @param artifactRoot where its files lie
 */
public record FoundRun(RunId id, String storeId, String experimentId, String artifactRoot) {
    /** What never changes of a run that the server told. */
    public static FoundRun of(RunId id, ServerRun run) {
        return new FoundRun(id, run.storeId(), run.experimentId(), run.artifactRoot());
    }
}
