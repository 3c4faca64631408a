package io.mlops.backends.http.wire;

import io.mlops.backends.http.config.HttpSettings;

/** For tests of other rooms that try much again. Not for instances. */
public final class QuickWire {
    private QuickWire() {}

    /** Prepares calls whose pauses take no time. */
    public static Wire to(String address, HttpSettings settings) {
        return Wire.to(address, settings, new FakeTime().clock(), NameService.system());
    }
}
