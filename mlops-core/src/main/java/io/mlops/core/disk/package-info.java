/**
 * Crash-safe files: operations that are synced in a known order, owners of unfinished files and which of them live, and
 * locks that hold across processes. Its users say where their files lie; it knows no layout of its own.
 */
@NullMarked
package io.mlops.core.disk;

import org.jspecify.annotations.NullMarked;
