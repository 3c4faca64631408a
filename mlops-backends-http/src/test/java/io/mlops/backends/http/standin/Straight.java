package io.mlops.backends.http.standin;

import io.mlops.api.common.FailurePolicy;
import io.mlops.core.config.MlopsConfig;

/** What programs of the tests record with that try the server itself: straight to it, with no spool in between. */
public final class Straight {
    /** The standard, but for the policy. */
    public static final MlopsConfig CONFIG = MlopsConfig.standard().failures(FailurePolicy.DROP);

    private Straight() {}
}
