/**
 * What a backend implements: narrow stores over one place. Programs do not call these; the tracker and the registry in
 * core do. Stores get every time from their caller and need no clock. {@code mlops-contract} tests an implementation.
 */
@NullMarked
package io.mlops.api.spi;

import org.jspecify.annotations.NullMarked;
