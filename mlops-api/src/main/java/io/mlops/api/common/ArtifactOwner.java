package io.mlops.api.common;

/** What artifacts can belong to. */
public sealed interface ArtifactOwner permits RunId, ModelVersionId {}
