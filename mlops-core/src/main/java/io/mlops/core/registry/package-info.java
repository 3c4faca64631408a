/** Registering, resolving and serving models over any backend: verified copies, leases. */
@NullMarked
package io.mlops.core.registry;

import org.jspecify.annotations.NullMarked;
