/**
 * How a server is reached: who asks, over which proxy, whom to trust, how long to wait, and which places besides the
 * server may be used. Nothing here reads the environment unless it is asked to.
 */
@NullMarked
package io.mlops.backends.http.config;

import org.jspecify.annotations.NullMarked;
