/**
 * Numbered versions of named things, models today: folders that take their number by a rename and never change, and
 * aliases, each move of which is a file, so that the files are the history. A {@code VersionKind} says what a version
 * is.
 */
@NullMarked
package io.mlops.backends.fs.version;

import org.jspecify.annotations.NullMarked;
