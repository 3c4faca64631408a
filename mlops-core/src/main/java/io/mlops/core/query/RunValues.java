package io.mlops.core.query;

import io.mlops.api.tracker.RunInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run recorded, as far as a search reads it. */
public interface RunValues {
    /** Null if it was never set. */
    @Nullable
    String param(String key);

    /** Null if it was never set. */
    @Nullable
    String tag(String key);

    /** The latest value; null if it was never recorded. */
    @Nullable
    Double metric(String key);

    /** The data that it read. */
    List<RunInput> inputs();
}
