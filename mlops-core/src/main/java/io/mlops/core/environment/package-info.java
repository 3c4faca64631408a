/**
 * What a program runs in, found out by looking and never by asking: no environment variable, no command line, no path of
 * the user's is kept. Everything read may be hostile or damaged, so all of it is bounded, and what cannot be found out is
 * named instead.
 */
@NullMarked
package io.mlops.core.environment;

import org.jspecify.annotations.NullMarked;
