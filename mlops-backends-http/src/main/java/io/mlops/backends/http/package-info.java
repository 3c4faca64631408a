/**
 * The backend that keeps everything on an MLflow server. It puts the stores of the rooms below together; what goes over
 * the network is the wire's.
 */
@NullMarked
package io.mlops.backends.http;

import org.jspecify.annotations.NullMarked;
