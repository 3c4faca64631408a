package io.mlops.core.tracker;

import io.mlops.api.common.FailurePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How recording behaves.
 *
 * @param flushEvery how long a point waits at most before the store gets it
 * @param syncEvery how long it may then lie there before it is durable
 * @param waitWhenFull how long a caller waits for room at most
 * @param endWithin how long the end of a run may take
 * @param buffers how many chunks of 1024 points all runs share, beyond one for each
 * @param workFolder for what must be copied before it can be stored; the JDK's temporary folder if null
 * @param itself what runs record without being asked
 */
public record RecordingSettings(
        FailurePolicy failures,
        Duration flushEvery,
        Duration syncEvery,
        Duration waitWhenFull,
        Duration endWithin,
        int buffers,
        InstantSource clock,
        @Nullable Path workFolder,
        SelfRecording itself) {
    /** A copy whose callers wait this long for room. */
    RecordingSettings waitWhenFull(Duration longest) {
        return new RecordingSettings(
                failures, flushEvery, syncEvery, longest, endWithin, buffers, clock, workFolder, itself);
    }
}
