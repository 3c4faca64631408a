package io.mlops.core.query;

import io.mlops.api.tracker.RunInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values that a run recorded, as far as a search reads them. */
public interface RunValues {
    /** The value of a param; null if it was never set. */
    @Nullable
    String param(String key);

    /** The value of a tag; null if it was never set. */
    @Nullable
    String tag(String key);

    /** The latest value of a metric; null if it was never recorded. */
    @Nullable
    Double metric(String key);

    /** The least value of a metric but NaN, which it is if there was nothing else; null if that is not known. */
    @Nullable
    Double metricMin(String key);

    /** The greatest value of a metric but NaN, which it is if there was nothing else; null if that is not known. */
    @Nullable
    Double metricMax(String key);

    /** The data that the run read. */
    List<RunInput> inputs();
}
