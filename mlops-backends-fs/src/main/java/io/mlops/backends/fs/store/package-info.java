/**
 * A store as its parts see it: where things lie, documents that are written once or replaced whole, what every document
 * says of its format, what is said about damage. It knows neither the parts nor the library's users.
 */
@NullMarked
package io.mlops.backends.fs.store;

import org.jspecify.annotations.NullMarked;
