/**
 * The files of runs and model versions on a server: found, read and written over whichever way the server offers, with
 * the digests that it does not keep by itself.
 */
@NullMarked
package io.mlops.backends.http.artifact;

import org.jspecify.annotations.NullMarked;
