/**
 * Counted, bounded, retried hand-over of what a program records: who waits, how long, and on which thread. Recording uses it
 * today; whatever else is buffered and delivered is meant to. Nobody waits in a monitor here, so that virtual threads may.
 */
@NullMarked
package io.mlops.core.delivery;

import org.jspecify.annotations.NullMarked;
