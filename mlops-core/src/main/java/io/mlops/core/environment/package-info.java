/**
 * The environment that a program runs in, as far as it can be found out: no environment variable, no command line, no
 * path of the user's is kept. Everything read may be hostile or damaged, so all of it is bounded, and what cannot be
 * found out is missing by name.
 */
@NullMarked
package io.mlops.core.environment;

import org.jspecify.annotations.NullMarked;
