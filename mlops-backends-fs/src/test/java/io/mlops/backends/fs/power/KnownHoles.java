package io.mlops.backends.fs.power;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the backend is known to lose, each with where it shows: as scenario, what went wrong, and the step. */
final class KnownHoles {
    private static final Map<String, List<String>> PLACES = Map.of();

    private KnownHoles() {}

    static Set<String> all() {
        return of("");
    }

    /** The places whose names begin like this. */
    static Set<String> of(String beginning) {
        return PLACES.values().stream()
                .flatMap(Collection::stream)
                .filter(place -> place.startsWith(beginning))
                .collect(Collectors.toUnmodifiableSet());
    }
}
