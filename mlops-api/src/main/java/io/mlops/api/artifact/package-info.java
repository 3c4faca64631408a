/** Named bytes of a run or a model version, addressed by path and proved by digest. */
@NullMarked
package io.mlops.api.artifact;

import org.jspecify.annotations.NullMarked;
