/**
 * Searches for runs on a server. It is asked for as little as it can tell apart exactly, every run that it gives is
 * checked again here, and runs that it takes for equal are put in order here.
 */
@NullMarked
package io.mlops.backends.http.search;

import org.jspecify.annotations.NullMarked;
