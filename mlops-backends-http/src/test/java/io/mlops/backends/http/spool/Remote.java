package io.mlops.backends.http.spool;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import io.mlops.core.memory.MemoryBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A backend in memory that says it lies across a network, whose answers may be lost, or not come. Thread-safe. */
final class Remote implements Backend {
    static final String NAME = "https://mlflow.example.com/team";

    private volatile MemoryBackend memory = new MemoryBackend();
    private final AtomicInteger calls = new AtomicInteger();
    private final Signal released = new Signal();
    /** 0 to lose none. */
    private volatile int losesEvery;

    private volatile boolean hanging;

    /** The memory as it is now, also while it is down. */
    MemoryBackend memory() {
        return memory;
    }

    void down() {
        memory.faults().down();
    }

    void up() {
        memory.faults().up();
    }

    /** Forgets everything, as a server that was set up anew. */
    void replace() {
        memory = new MemoryBackend();
    }

    /** Does what it is asked, but tells nobody every so many calls. */
    void losesEvery(int answers) {
        losesEvery = answers;
    }

    /** From now on each call waits until this is called again, or it is interrupted. */
    void hang(boolean hangs) {
        hanging = hangs;
        released.changed();
    }

    @Override
    public BackendInfo info() {
        Set<Capability> promises = EnumSet.copyOf(memory.info().capabilities());
        promises.remove(Capability.LOCAL);
        return new BackendInfo(NAME, promises);
    }

    @Override
    public ExperimentStore experiments() {
        return remote(ExperimentStore.class, MemoryBackend::experiments);
    }

    @Override
    public RunStore runs() {
        return remote(RunStore.class, MemoryBackend::runs);
    }

    @Override
    public ArtifactStore artifacts() {
        return remote(ArtifactStore.class, MemoryBackend::artifacts);
    }

    @Override
    public ModelStore models() {
        return remote(ModelStore.class, MemoryBackend::models);
    }

    private <T> T remote(Class<T> type, Function<MemoryBackend, T> store) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (hanging && !released.await(() -> !hanging, Deadline.never(), Interrupts.END_THE_WAIT)) {
                throw new BackendUnavailableException("interrupted", false, null);
            }
            Object answer;
            try {
                answer = method.invoke(store.apply(memory), args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            int every = losesEvery;
            if (every > 0 && calls.incrementAndGet() % every == 0) {
                throw new BackendUnavailableException("the answer to " + method.getName() + " is lost", true, null);
            }
            return answer;
        }));
    }

    @Override
    public void close() {}
}
