/** What goes into a model or table and what comes out: columns, tensors, signatures, named as in MLflow. */
@NullMarked
package io.mlops.api.schema;

import org.jspecify.annotations.NullMarked;
