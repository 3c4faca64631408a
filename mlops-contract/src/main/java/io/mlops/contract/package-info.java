/**
 * One abstract suite per store. A backend extends each with a class that opens it; where it promises less, its
 * {@code Capability} set says so and the suite asks for the weaker form.
 */
@NullMarked
package io.mlops.contract;

import org.jspecify.annotations.NullMarked;
