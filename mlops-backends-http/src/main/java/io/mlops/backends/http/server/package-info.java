/**
 * What all stores of a server share: what the server can do, the names that it cannot hold, the names that the library
 * keeps for itself there, and which experiment or run is meant by a name or an id.
 */
@NullMarked
package io.mlops.backends.http.server;

import org.jspecify.annotations.NullMarked;
