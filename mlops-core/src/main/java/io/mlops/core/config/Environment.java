package io.mlops.core.config;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.tracker.RunDetail;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings for what runs record of their environment without being asked.
 *
 * @param records the details that are recorded once; if null all of them, but none where runs live in memory only, so that
 *     tests find what they recorded and nothing else
 * @param sampleEvery how often CPU, heap, garbage collection and disk become metrics of every open run, under
 *     {@code system/}; null for never
 */
@CheckReturnValue
public record Environment(
        @Nullable Set<RunDetail> records, @Nullable Duration sampleEvery) {
    public Environment {
        records = records == null ? null : Set.copyOf(records);
        sampleEvery = sampleEvery == null ? null : Durations.positive("sampleEvery", sampleEvery);
    }

    /** All details where runs outlive the process, and no samples. */
    public static Environment standard() {
        return new Environment(null, null);
    }

    /** A copy that records these details, wherever runs are kept; the empty set for none. */
    public Environment records(Set<RunDetail> details) {
        return new Environment(requireNonNull(details, "details"), sampleEvery);
    }

    /** A copy that records all details but these. */
    public Environment without(RunDetail... details) {
        Set<RunDetail> rest = records == null ? EnumSet.allOf(RunDetail.class) : new TreeSet<>(records);
        rest.removeAll(Arrays.asList(details));
        return records(rest);
    }

    /** A copy that samples this often. */
    public Environment sampleEvery(Duration period) {
        return new Environment(records, requireNonNull(period, "period"));
    }
}
