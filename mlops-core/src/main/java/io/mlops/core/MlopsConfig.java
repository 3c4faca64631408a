package io.mlops.core;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.Names;
import io.mlops.api.tracker.RunDetail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an {@code Mlops} behaves on any backend. Nothing here is read from the environment. A time of more than 1000 days
 * is taken for 1000 days.
 *
 * @param failures what a recording call does when the store cannot take it
 * @param flushEvery how long a point waits at most before the store gets it: what a killed process may lose
 * @param syncEvery how long it may lie there before it is durable: what a power cut may lose
 * @param waitWhenFull how long a recording call waits for room in full buffers before its point is dropped
 * @param closeWithin how long ending a run, closing a handle or closing the {@code Mlops} may take
 * @param buffers how many buffers of 1024 points (28 kB) all runs share, beyond one for each run
 * @param by who does what is done, for histories; the operating system's user if null; at most 500 characters
 * @param workFolder for private copies of models; the JDK's temporary folder if null
 * @param clock where times come from
 * @param records what runs record by themselves; if null all of it, but nothing in a {@code MemoryBackend}, so that tests
 *     find what they recorded and nothing else
 * @param sampleEvery how often CPU, heap, garbage collection and disk become metrics of every open run, under
 *     {@code system/}; null for never
 */
@CheckReturnValue
public record MlopsConfig(
        FailurePolicy failures,
        Duration flushEvery,
        Duration syncEvery,
        Duration waitWhenFull,
        Duration closeWithin,
        int buffers,
        @Nullable String by,
        @Nullable Path workFolder,
        InstantSource clock,
        @Nullable Set<RunDetail> records,
        @Nullable Duration sampleEvery) {
    /** For ever, in nanoseconds that a long can count. */
    private static final Duration LONGEST = Duration.ofDays(1000);

    public MlopsConfig {
        requireNonNull(failures, "failures");
        requireNonNull(clock, "clock");
        flushEvery = positive("flushEvery", flushEvery);
        syncEvery = positive("syncEvery", syncEvery);
        closeWithin = positive("closeWithin", closeWithin);
        waitWhenFull = atMostLongest("waitWhenFull", waitWhenFull);
        if (waitWhenFull.isNegative()) {
            throw new IllegalArgumentException("waitWhenFull cannot be " + waitWhenFull);
        }
        if (by != null) {
            Names.checkName("user who does it", by);
        }
        records = records == null ? null : Set.copyOf(records);
        sampleEvery = sampleEvery == null ? null : positive("sampleEvery", sampleEvery);
        if (buffers < 2) {
            throw new IllegalArgumentException("buffers must be at least 2, not " + buffers);
        }
    }

    /** DROP, 1 s, 5 s, 1 s, 10 s, 256 buffers (7 MB); runs record all they can by themselves, and no samples. */
    public static MlopsConfig standard() {
        return new MlopsConfig(
                FailurePolicy.DROP,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                256,
                null,
                null,
                InstantSource.system(),
                null,
                null);
    }

    /** A copy with another failure policy. */
    public MlopsConfig failures(FailurePolicy policy) {
        return with(draft -> draft.failures = policy);
    }

    /** A copy that hands points over after this time. */
    public MlopsConfig flushEvery(Duration period) {
        return with(draft -> draft.flushEvery = period);
    }

    /** A copy that makes points durable after this time. */
    public MlopsConfig syncEvery(Duration period) {
        return with(draft -> draft.syncEvery = period);
    }

    /** A copy whose recording calls wait this long for room. */
    public MlopsConfig waitWhenFull(Duration longest) {
        return with(draft -> draft.waitWhenFull = longest);
    }

    /** A copy whose ends and closes may take this long. */
    public MlopsConfig closeWithin(Duration longest) {
        return with(draft -> draft.closeWithin = longest);
    }

    /** A copy with this many shared buffers of 1024 points. */
    public MlopsConfig buffers(int count) {
        return with(draft -> draft.buffers = count);
    }

    /** A copy that says who it acts for. */
    public MlopsConfig by(String who) {
        return with(draft -> draft.by = who);
    }

    /** A copy that makes private folders below this one. */
    public MlopsConfig workFolder(Path folder) {
        return with(draft -> draft.workFolder = folder);
    }

    /** A copy with another source of times. */
    public MlopsConfig clock(InstantSource source) {
        return with(draft -> draft.clock = source);
    }

    /**
     * A copy whose runs record these details by themselves, wherever they are kept; the empty set for nothing. The first
     * end of a run may wait for them, for half of {@code closeWithin} at most, and writes a file more.
     */
    public MlopsConfig records(Set<RunDetail> details) {
        requireNonNull(details, "details");
        return with(draft -> draft.records = details);
    }

    /** A copy whose runs record all details by themselves but these. */
    public MlopsConfig without(RunDetail... details) {
        Set<RunDetail> rest = records == null ? EnumSet.allOf(RunDetail.class) : new TreeSet<>(records);
        rest.removeAll(Arrays.asList(details));
        return records(rest);
    }

    /**
     * A copy that samples this often. {@code system/disk.free.bytes} is of the disk of the work folder, or of the
     * process's working folder if there is none; not of the store's.
     */
    public MlopsConfig sampleEvery(Duration period) {
        requireNonNull(period, "period");
        return with(draft -> draft.sampleEvery = period);
    }

    private MlopsConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.config();
    }

    /** A configuration in the making, so that only one place has to list all there is. */
    private static final class Draft {
        private FailurePolicy failures;
        private Duration flushEvery;
        private Duration syncEvery;
        private Duration waitWhenFull;
        private Duration closeWithin;
        private int buffers;
        private @Nullable String by;
        private @Nullable Path workFolder;
        private InstantSource clock;
        private @Nullable Set<RunDetail> records;
        private @Nullable Duration sampleEvery;

        Draft(MlopsConfig from) {
            failures = from.failures;
            flushEvery = from.flushEvery;
            syncEvery = from.syncEvery;
            waitWhenFull = from.waitWhenFull;
            closeWithin = from.closeWithin;
            buffers = from.buffers;
            by = from.by;
            workFolder = from.workFolder;
            clock = from.clock;
            records = from.records;
            sampleEvery = from.sampleEvery;
        }

        MlopsConfig config() {
            return new MlopsConfig(
                    failures,
                    flushEvery,
                    syncEvery,
                    waitWhenFull,
                    closeWithin,
                    buffers,
                    by,
                    workFolder,
                    clock,
                    records,
                    sampleEvery);
        }
    }

    private static Duration positive(String name, Duration duration) {
        Duration time = atMostLongest(name, duration);
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, not " + duration);
        }
        return time;
    }

    private static Duration atMostLongest(String name, Duration duration) {
        return requireNonNull(duration, name).compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
