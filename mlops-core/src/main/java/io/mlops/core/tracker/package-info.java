/**
 * Recording: a run's points and facts wait in bounded memory, and one daemon thread per {@code Mlops} brings them to the
 * store. Callers never do I/O here, so that neither a slow disk nor an interrupt can hurt them.
 */
@NullMarked
package io.mlops.core.tracker;

import org.jspecify.annotations.NullMarked;
