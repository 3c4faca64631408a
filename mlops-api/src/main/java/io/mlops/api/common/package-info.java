/**
 * Small types through which the other packages meet: ids, references to versions, digests, pages, the counts of what
 * was delivered, and the six failures a caller can act on.
 */
@NullMarked
package io.mlops.api.common;

import org.jspecify.annotations.NullMarked;
