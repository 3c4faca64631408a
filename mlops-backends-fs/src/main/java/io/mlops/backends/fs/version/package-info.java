/**
 * Numbered versions of named things, models today: folders that are claimed by a rename and never change, aliases as
 * files of which each is one move, and the history that these are. What a version is, its kind tells.
 */
@NullMarked
package io.mlops.backends.fs.version;

import org.jspecify.annotations.NullMarked;
