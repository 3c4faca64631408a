/**
 * JSON documents as trees, so that a rewrite keeps, at every level and to the letter, what a newer version wrote; and
 * relative paths as file names. Jackson stays inside.
 */
@NullMarked
package io.mlops.core.codec;

import org.jspecify.annotations.NullMarked;
