/**
 * Crash-safe files: what is written in which order and when it is durable, who owns what is unfinished, who still lives,
 * and locks that hold across processes. Whoever uses it says where its files lie; it knows no layout of its own.
 */
@NullMarked
package io.mlops.core.disk;

import org.jspecify.annotations.NullMarked;
