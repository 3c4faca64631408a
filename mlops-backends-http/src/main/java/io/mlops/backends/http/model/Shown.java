package io.mlops.backends.http.model;

import io.mlops.backends.http.server.Reserved;
import java.util.HashMap;
import java.util.Map;

/** What users see of tags. Not for instances. */
final class Shown {
    private Shown() {}

    /** The tags without those of the library. */
    static Map<String, String> tags(Map<String, String> all) {
        Map<String, String> shown = new HashMap<>(all);
        shown.keySet().removeIf(Reserved::isReserved);
        return shown;
    }
}
