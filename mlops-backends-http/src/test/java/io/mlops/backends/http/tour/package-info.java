/** Goes through all that programs do, on servers that are started in many ways, and with other programs in between. */
@NullMarked
package io.mlops.backends.http.tour;

import org.jspecify.annotations.NullMarked;
