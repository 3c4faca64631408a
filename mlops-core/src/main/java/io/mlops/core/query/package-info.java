/** What every backend computes alike: the order of runs, pages that neither skip nor repeat, summaries of metrics. */
@NullMarked
package io.mlops.core.query;

import org.jspecify.annotations.NullMarked;
