/**
 * Narrow stores over one place, which a backend implements. Programs do not call these; the tracker and the registry in
 * core do. Stores get every time from their caller and need no clock. What a change does to a record is done by
 * {@code RunState} and its kin, which every store asks. {@code mlops-contract} tests an implementation.
 */
@NullMarked
package io.mlops.api.spi;

import org.jspecify.annotations.NullMarked;
