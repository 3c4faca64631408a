/**
 * Records to JSON and back. Documents are kept as trees, so that a rewrite keeps, at every level and to the letter, what
 * a newer version wrote. The one core package that backends may use; Jackson stays inside.
 */
@NullMarked
package io.mlops.core.codec;

import org.jspecify.annotations.NullMarked;
