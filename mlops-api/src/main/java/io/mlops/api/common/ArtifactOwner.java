package io.mlops.api.common;

/** A thing that artifacts belong to: a run or a model version. */
public sealed interface ArtifactOwner permits RunId, ModelVersionId {}
