/**
 * The file backend. Its files are an interface of their own: a TensorBoard log directory, MLflow model folders laid out
 * like a Triton repository, JSON for people and {@code jq}. {@code docs/formats.md} describes each; {@link
 * io.mlops.backends.fs.FsBackend} is the only type that programs need.
 */
@NullMarked
package io.mlops.backends.fs;

import org.jspecify.annotations.NullMarked;
