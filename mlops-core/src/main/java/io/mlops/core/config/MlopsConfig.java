package io.mlops.core.config;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.tracker.RunDetail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/**
 * The settings of an {@code Mlops} on any backend. Nothing here is read from the environment. Each setting has a short copy
 * method here; its default and its meaning stand with its part. A time of more than 1000 days is taken for 1000 days.
 *
 * @param recording what runs record, on its way to the store
 * @param spooling where things wait that are recorded for a store across a network
 * @param environment what runs record of their environment without being asked
 * @param program what the program around gives
 * @param closeWithin how long ending a run, closing a handle or closing the {@code Mlops} may take
 * @param makesPlace whether the first write may make the place that an address names
 */
@CheckReturnValue
public record MlopsConfig(
        Recording recording,
        Spooling spooling,
        Environment environment,
        Program program,
        Duration closeWithin,
        boolean makesPlace) {
    public MlopsConfig {
        requireNonNull(recording, "recording");
        requireNonNull(spooling, "spooling");
        requireNonNull(environment, "environment");
        requireNonNull(program, "program");
        closeWithin = Durations.positive("closeWithin", closeWithin);
    }

    /** The standard parts, and 10 s to close. */
    public static MlopsConfig standard() {
        return new MlopsConfig(
                Recording.standard(),
                Spooling.standard(),
                Environment.standard(),
                Program.standard(),
                Duration.ofSeconds(10),
                true);
    }

    /** A copy that records with these settings. */
    public MlopsConfig recording(Recording settings) {
        return new MlopsConfig(settings, spooling, environment, program, closeWithin, makesPlace);
    }

    /** A copy whose spool has these settings. */
    public MlopsConfig spooling(Spooling settings) {
        return new MlopsConfig(recording, settings, environment, program, closeWithin, makesPlace);
    }

    /** A copy that records environments with these settings. */
    public MlopsConfig environment(Environment settings) {
        return new MlopsConfig(recording, spooling, settings, program, closeWithin, makesPlace);
    }

    /** A copy with other things that the program gives. */
    public MlopsConfig program(Program settings) {
        return new MlopsConfig(recording, spooling, environment, settings, closeWithin, makesPlace);
    }

    /** A copy whose ends and closes may take this long. */
    public MlopsConfig closeWithin(Duration longest) {
        return new MlopsConfig(recording, spooling, environment, program, longest, makesPlace);
    }

    /**
     * A copy that opens only what is there: an address with a typing error, or a disk that is not mounted, is refused by a
     * {@link io.mlops.api.common.NotFoundException} where the first write would make a new store otherwise.
     */
    public MlopsConfig mustExist() {
        return new MlopsConfig(recording, spooling, environment, program, closeWithin, false);
    }

    /** A copy with another failure policy. */
    public MlopsConfig failures(FailurePolicy policy) {
        return recording(recording.failures(policy));
    }

    /**
     * A copy whose spool lies in this folder, which is for one store alone and may be shared by any number of processes of
     * one user. Made with the first run, if there is a spool at all.
     */
    public MlopsConfig spool(Path folder) {
        return spooling(spooling.folder(folder));
    }

    /** A copy whose spool may hold this many bytes: a run that begins beyond them is recorded as under DROP. */
    public MlopsConfig spoolBytes(long most) {
        return spooling(spooling.bytes(most));
    }

    /** A copy that hands points over after this time. */
    public MlopsConfig flushEvery(Duration period) {
        return recording(recording.flushEvery(period));
    }

    /** A copy that makes points durable after this time. */
    public MlopsConfig syncEvery(Duration period) {
        return recording(recording.syncEvery(period));
    }

    /** A copy whose recording calls wait this long for room. */
    public MlopsConfig waitWhenFull(Duration longest) {
        return recording(recording.waitWhenFull(longest));
    }

    /** A copy with this many shared buffers of 999 points. */
    public MlopsConfig buffers(int count) {
        return recording(recording.buffers(count));
    }

    /**
     * A copy whose runs record these details by themselves, wherever they are kept; the empty set for nothing. The first
     * end of a run may wait for them, for half of {@code closeWithin} at most, and writes a file more.
     */
    public MlopsConfig records(Set<RunDetail> details) {
        return environment(environment.records(details));
    }

    /** A copy whose runs record all details by themselves but these. */
    public MlopsConfig without(RunDetail... details) {
        return environment(environment.without(details));
    }

    /**
     * A copy that samples this often. {@code system/disk.free.bytes} is of the disk of the work folder, or of the
     * process's working folder if there is none; not of the store's.
     */
    public MlopsConfig sampleEvery(Duration period) {
        return environment(environment.sampleEvery(period));
    }

    /** A copy that says who it acts for. */
    public MlopsConfig by(String who) {
        return program(program.by(who));
    }

    /** A copy that makes private copies, of models and of long streams, below this folder. */
    public MlopsConfig workFolder(Path folder) {
        return program(program.workFolder(folder));
    }

    /** A copy with another source of times. */
    public MlopsConfig clock(InstantSource source) {
        return program(program.clock(source));
    }

    /**
     * A copy that ends what is open when the JVM ends, or leaves that to the program, such as a container of beans that
     * closes them.
     */
    public MlopsConfig exitHook(boolean ends) {
        return program(program.exitHook(ends));
    }
}
