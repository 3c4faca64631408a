/**
 * The computations that every backend has in common, ours or anyone's: MLflow's search grammar over any
 * {@link Subject}, pages that neither skip nor repeat, summaries of metrics. A subject is a table of what conditions
 * and orders may name; a {@link Search} is parsed once and decides by what a store has at hand. What was parsed is
 * handed out, as each {@link Condition} and {@link OrderTerm}, to stores that have others evaluate it.
 */
@NullMarked
package io.mlops.core.query;

import org.jspecify.annotations.NullMarked;
