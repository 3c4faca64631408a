/** The models and versions of a server, with aliases whose moves leave a history there. */
@NullMarked
package io.mlops.backends.http.model;

import org.jspecify.annotations.NullMarked;
