package io.mlops.api.spi;

import io.mlops.api.common.RunId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A run to be made. The id was chosen before the first try; {@code started} may lie in the past. */
public record RunDraft(
        RunId id,
        String experiment,
        String name,
        Instant started,
        @Nullable RunId parent,
        Map<String, String> tags) {
    public RunDraft {
        started = started.truncatedTo(ChronoUnit.MILLIS);
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
