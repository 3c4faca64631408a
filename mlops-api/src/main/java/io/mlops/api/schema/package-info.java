/**
 * Columns, tensors and signatures: the form of tables, and of what goes into a model and comes out, named as in MLflow.
 */
@NullMarked
package io.mlops.api.schema;

import org.jspecify.annotations.NullMarked;
