/**
 * MLflow's names and formats, which files, HTTP and ONNX share, each in one place: tags, the {@code MLmodel} file, what
 * Python leaves behind.
 */
@NullMarked
package io.mlops.core.mlflow;

import org.jspecify.annotations.NullMarked;
