/** The memory backend: the reference for what a backend does, and the fake for tests, with faults on demand. */
@NullMarked
package io.mlops.core.memory;

import org.jspecify.annotations.NullMarked;
