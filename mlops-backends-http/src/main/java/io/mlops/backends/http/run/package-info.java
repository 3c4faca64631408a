/** The stores of experiments and of runs on an MLflow server. */
@NullMarked
package io.mlops.backends.http.run;

import org.jspecify.annotations.NullMarked;
