/**
 * The ground of a store: its paths, documents that are written once or replaced whole, the version that each document
 * needs, and warnings about damage. It knows neither the parts above it nor the library's users.
 */
@NullMarked
package io.mlops.backends.fs.store;

import org.jspecify.annotations.NullMarked;
