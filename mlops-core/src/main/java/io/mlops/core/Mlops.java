package io.mlops.core;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.SyncReport;
import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelServing;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.Capability;
import io.mlops.api.tracker.RunDetail;
import io.mlops.api.tracker.Tracker;
import io.mlops.core.codec.JacksonVersion;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.config.Program;
import io.mlops.core.environment.EnvironmentCollector;
import io.mlops.core.environment.ProcessReadings;
import io.mlops.core.memory.MemoryBackend;
import io.mlops.core.registry.StoredRegistry;
import io.mlops.core.registry.StoredServing;
import io.mlops.core.sync.StoreCopy;
import io.mlops.core.tracker.CloseReason;
import io.mlops.core.tracker.EnvironmentSources;
import io.mlops.core.tracker.RecordingTracker;
import io.mlops.core.tracker.SpoolTracker;
import io.mlops.core.tracker.StoredTracker;
import io.mlops.core.tracker.TeeTracker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one entry point: tracker, registry and serving over one backend. Make one per program and place, and close it at
 * the end. Thread-safe.
 */
public final class Mlops implements AutoCloseable {
    private final Backend backend;
    private final boolean owned;
    private final Duration closeWithin;
    private final InstantSource clock;
    private final RecordingTracker tracker;
    private final StoredRegistry registry;
    private final StoredServing serving;
    private final ReentrantLock closing = new ReentrantLock();
    /** Written under {@link #closing}, so that {@code toString} waits for nobody. */
    private volatile boolean closed;

    private Mlops(Backend backend, boolean owned, MlopsConfig config) {
        JacksonVersion.check();
        this.backend = backend;
        this.owned = owned;
        this.closeWithin = config.closeWithin();
        this.clock = config.program().clock();
        checkPlace(config);
        Backend read = backend instanceof TeeBackend tee ? tee.first() : backend;
        EnvironmentSources sources = sources(backend, config);
        Runnable atExit = () -> close(CloseReason.PROGRAM_ENDING);
        this.tracker = tracker(backend, config, sources, atExit);
        Program program = config.program();
        this.registry = new StoredRegistry(read, tracker, program.clock(), by(program), program.workFolder());
        this.serving = new StoredServing(read, program.clock(), config.closeWithin(), program.workFolder());
    }

    private static RecordingTracker tracker(
            Backend backend, MlopsConfig config, EnvironmentSources sources, Runnable atExit) {
        if (backend instanceof TeeBackend tee) {
            return new TeeTracker(tee.first(), tee.second(), config, sources, atExit);
        }
        return spools(backend, config)
                ? new SpoolTracker(backend, config, sources, new SpoolFolder(backend, config), atExit)
                : new StoredTracker(backend, config, sources, atExit);
    }

    /** Whether what is recorded goes by a spool: if nobody says so, where the store lies across a network. */
    private static boolean spools(Backend backend, MlopsConfig config) {
        FailurePolicy policy = config.recording().failures();
        return policy == null
                ? !backend.info().capabilities().contains(Capability.LOCAL)
                : policy == FailurePolicy.SPOOL;
    }

    /** Takes a backend over, which nobody else would close if that fails. */
    private static Mlops owning(Backend backend, MlopsConfig config) {
        try {
            return new Mlops(backend, true, config);
        } catch (Throwable failed) {
            try {
                backend.close();
            } catch (RuntimeException whileClosing) {
                failed.addSuppressed(whileClosing);
            }
            throw failed;
        }
    }

    private void checkPlace(MlopsConfig config) {
        if (config.makesPlace() || backend.exists()) {
            return;
        }
        throw new NotFoundException("no store in " + backend.info().name()
                + ": correct the address, or mount its disk; without mustExist() the first write makes one");
    }

    /** In memory, for tests; {@code using(new MemoryBackend())} where a test wants faults or to read it back later. */
    public static Mlops inMemory() {
        return owning(new MemoryBackend(), MlopsConfig.standard());
    }

    /**
     * Opens the place that an address names, such as {@code file:mlops-store} or {@code memory:}.
     *
     * @throws io.mlops.api.common.NotFoundException if no backend for what stands before the colon is on the class path,
     *     naming what to add
     * @throws io.mlops.api.common.ConflictException if two are, naming what to remove
     */
    public static Mlops open(String address) {
        return open(address, MlopsConfig.standard());
    }

    /** Opens the place that an address names, with a configuration of your own. */
    public static Mlops open(String address, MlopsConfig config) {
        // Before the backend is opened, which nobody would close.
        requireNonNull(config, "config");
        return owning(Backends.open(address, Map.of()), config);
    }

    /** Opens the folder that keeps a store, or will. */
    public static Mlops open(Path folder) {
        return open(folder, MlopsConfig.standard());
    }

    /**
     * Opens the folder that keeps a store, or will, with a configuration of your own.
     *
     * @throws IllegalArgumentException if the path is not one of the default file system, such as one in an archive
     */
    public static Mlops open(Path folder, MlopsConfig config) {
        return open(Backends.addressOf(folder), config);
    }

    /** Uses a backend that stays yours: close it after this. */
    public static Mlops using(Backend backend) {
        return using(backend, MlopsConfig.standard());
    }

    /** Uses a backend that stays yours, with a configuration of your own. */
    public static Mlops using(Backend backend, MlopsConfig config) {
        return new Mlops(requireNonNull(backend, "backend"), false, requireNonNull(config, "config"));
    }

    /**
     * Opens what {@code MLOPS_URI} names, else {@code MLFLOW_TRACKING_URI}, with {@code MLFLOW_TRACKING_TOKEN},
     * {@code _USERNAME} and {@code _PASSWORD}. The only method that reads the environment.
     *
     * @throws IllegalArgumentException if neither is set
     */
    public static Mlops fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static Mlops fromEnvironment(Map<String, String> environment) {
        return owning(Backends.fromEnvironment(environment), MlopsConfig.standard());
    }

    /** Records runs and reads them back. */
    public Tracker tracker() {
        return tracker;
    }

    /** Models and their versions. */
    public ModelRegistry registry() {
        return registry;
    }

    /** Loads models into this process. */
    public ModelServing serving() {
        return serving;
    }

    /**
     * What became of everything recorded through this object; what waits in a spool is pending. With a tee, what goes to two stores counts twice, the
     * reasons of losses begin with {@code first:} or {@code second:}, and an artifact or a change that only the second did
     * not take counts as lost there.
     */
    public Delivery delivery() {
        return tracker.delivery();
    }

    /**
     * Waits until everything recorded so far, in all runs, is durable; where there is a spool, in the store behind it.
     *
     * @return false if the time was too short, or something was dropped since the last flush; of a tee, in either store
     */
    public boolean flush(Duration within) {
        return tracker.flush(within);
    }

    /**
     * Copies all that this place keeps to another one: experiments, runs with their points and artifacts, models with their
     * versions and aliases. What is there already is left alone, so that a second time changes nothing, and one that was
     * interrupted goes on when it is called again. Versions get the next free numbers there; what differs is told and never
     * forced. What was recorded through this object is delivered first, within the configured time of closing.
     *
     * @param target stays the caller's; of a server such as {@code HttpBackend.at(…)}
     * @param listener hears how many runs of each experiment, and how many models, are done
     * @throws IllegalArgumentException if the target is this place, or closed
     * @throws io.mlops.api.common.BackendUnavailableException if either does not answer
     */
    public SyncReport sync(Backend target, Progress listener) {
        Backend source = backend instanceof TeeBackend tee ? tee.first() : backend;
        StoreCopy copy = new StoreCopy(source, target, clock, listener);
        boolean unused = tracker.flush(closeWithin);
        return copy.run();
    }

    /**
     * Delivers what was recorded, within the configured time; runs that are still open end as killed. Frees what this
     * object made: its thread, and the backend unless {@code using} got it, which then still reads and registers. Handles
     * stay with whoever loaded them. Twice is harmless, also at once. Happens by itself when the JVM ends in any way but a
     * kill while something is being recorded: what was recorded is stored at once, and runs that are open are ended when
     * {@code closeWithin} has passed, or earlier if nothing is left in the program that could close this. Not so with
     * {@code exitHook(false)}.
     */
    @Override
    public void close() {
        close(CloseReason.CLOSED);
    }

    @Override
    public String toString() {
        return "Mlops at " + backend.info().name() + (closed ? ", closed" : "");
    }

    private void close(CloseReason reason) {
        // A second caller, such as a shutdown hook, waits for the first: the backend must outlive the delivery.
        closing.lock();
        try {
            tracker.close(closeWithin, reason);
            if (owned && !closed) {
                backend.close();
            }
            closed = true;
        } finally {
            closing.unlock();
        }
    }

    private static EnvironmentSources sources(Backend backend, MlopsConfig config) {
        Set<RunDetail> details = config.environment().records();
        if (details == null) {
            boolean outlives = backend.info().capabilities().contains(Capability.PERSISTENT);
            details = outlives ? EnumSet.allOf(RunDetail.class) : Set.of();
        }
        Path workFolder = config.program().workFolder();
        ProcessReadings readings = new ProcessReadings(workFolder == null ? Path.of("") : workFolder);
        EnvironmentSources.Collector collector =
                details.isEmpty() ? null : new EnvironmentCollector(details, by(config.program()))::collect;
        return new EnvironmentSources(collector, readings::read);
    }

    private static String by(Program program) {
        String by = program.by();
        return by == null ? ProcessHandle.current().info().user().orElse("unknown") : by;
    }
}
