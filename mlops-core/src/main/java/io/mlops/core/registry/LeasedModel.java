package io.mlops.core.registry;

import io.mlops.api.registry.HandleStatus;
import io.mlops.api.registry.ModelFunction;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelLease;
import io.mlops.api.registry.ModelLoader;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.registry.VerifiedFiles;
import io.mlops.core.delivery.DaemonThread;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded model that counts its users. Closing a native model under a call would kill the JVM, so the last user to end
 * closes it. Thread-safe.
 */
final class LeasedModel<M> implements ModelHandle<M> {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedModel.class);
    private static final long CLOSING = 1L << 62;

    private final M model;
    private final ModelLoader<M> loader;
    private final VerifiedFiles files;
    private final PrivateFolder folder;
    private final Instant since;
    private final Duration drainWithin;
    /** The number of calls and leases, plus {@link #CLOSING} once no more are given. */
    private final AtomicLong leases = new AtomicLong();

    private final CountDownLatch closed = new CountDownLatch(1);

    LeasedModel(
            M model,
            ModelLoader<M> loader,
            VerifiedFiles files,
            PrivateFolder folder,
            Instant since,
            Duration drainWithin) {
        this.model = model;
        this.loader = loader;
        this.files = files;
        this.folder = folder;
        this.since = since;
        this.drainWithin = drainWithin;
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R call(ModelFunction<? super M, R, X> body) throws X {
        acquire();
        try {
            return body.apply(model);
        } finally {
            release();
        }
    }

    @Override
    public ModelLease<M> lease() {
        acquire();
        return new Lease();
    }

    @Override
    public HandleStatus status() {
        long state = leases.get();
        HandleStatus.Health health = state < CLOSING ? HandleStatus.Health.READY : HandleStatus.Health.DRAINING;
        if (closed.getCount() == 0) {
            health = HandleStatus.Health.CLOSED;
        }
        return new HandleStatus(health, files.version(), since, state & (CLOSING - 1));
    }

    @Override
    public void close() {
        long before = leases.getAndUpdate(state -> state | CLOSING);
        if (before == 0) {
            closeModel();
        } else if (before < CLOSING && !drained()) {
            LOG.warn(
                    "model version {} is still used by {} after {}; it will be closed when the last lease ends",
                    files.version().id(),
                    status().inFlight(),
                    drainWithin);
        }
    }

    /** Says which version it is, and in what state. */
    @Override
    public String toString() {
        HandleStatus status = status();
        return "model version " + status.version().id() + ", " + status.health() + ", used by " + status.inFlight();
    }

    private boolean drained() {
        try {
            return closed.await(drainWithin.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return closed.getCount() == 0;
        }
    }

    private void acquire() {
        long state = leases.get();
        while (state >= CLOSING || !leases.compareAndSet(state, state + 1)) {
            if (state >= CLOSING) {
                throw new IllegalStateException(
                        "the handle of model version " + files.version().id() + " is closed");
            }
            state = leases.get();
        }
    }

    private void release() {
        if (leases.decrementAndGet() == CLOSING) {
            // The caller has its answer to give; a model may take long to close.
            DaemonThread unused = DaemonThread.start("closer", this::closeModel);
        }
    }

    private void closeModel() {
        try {
            loader.close(model);
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.warn("model version {} could not be closed", files.version().id(), e);
        } finally {
            folder.delete();
            closed.countDown();
        }
    }

    /** One lease, which ends once. */
    private final class Lease implements ModelLease<M> {
        private final AtomicBoolean ended = new AtomicBoolean();

        @Override
        public M model() {
            if (ended.get()) {
                throw new IllegalStateException(
                        "this lease of model version " + files.version().id() + " has ended");
            }
            return model;
        }

        @Override
        public ModelVersion version() {
            return files.version();
        }

        @Override
        public String toString() {
            return "lease of model version " + files.version().id() + (ended.get() ? ", ended" : "");
        }

        @Override
        public void close() {
            if (ended.compareAndSet(false, true)) {
                release();
            }
        }
    }
}
