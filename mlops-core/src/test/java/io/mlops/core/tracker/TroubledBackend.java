package io.mlops.core.tracker;

import io.mlops.api.common.ConflictException;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.core.memory.MemoryBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Memory, whose every call begins with whatever a test wants: any exception, or a wait without end. */
final class TroubledBackend implements Backend {
    private final MemoryBackend memory = new MemoryBackend();
    private volatile Runnable trouble = () -> {};
    private volatile Class<?> refused = Void.class;
    private volatile boolean refusesAll;
    private volatile Runnable beforePut = () -> {};

    MemoryBackend memory() {
        return memory;
    }

    void trouble(Runnable before) {
        trouble = before;
    }

    /** Every put of artifacts begins with this. */
    void troublePuts(Runnable before) {
        beforePut = before;
    }

    /** Every change of a run that holds one of these contradicts the store. */
    void refuse(Class<? extends RunChange> kind) {
        refused = kind;
    }

    /** Every change of a run contradicts the store, whatever it holds. */
    void refuseEveryChange() {
        refusesAll = true;
    }

    private void check(Method method, Object[] args) {
        if (method.getName().equals("put")) {
            beforePut.run();
        }
        if (method.getName().equals("change") && refusesAll) {
            throw new ConflictException("no change");
        }
        if (method.getName().equals("change")
                && args[1] instanceof List<?> changes
                && changes.stream().anyMatch(refused::isInstance)) {
            throw new ConflictException("no " + refused.getSimpleName());
        }
    }

    /** Every call waits, whoever interrupts it, until the latch opens. */
    CountDownLatch hang() {
        CountDownLatch latch = new CountDownLatch(1);
        trouble = () -> {
            boolean interrupted = false;
            while (latch.getCount() > 0) {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        };
        return latch;
    }

    private <T> T troubled(Class<T> type, T store) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            trouble.run();
            check(method, args);
            try {
                return method.invoke(store, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    @Override
    public BackendInfo info() {
        return memory.info();
    }

    @Override
    public ExperimentStore experiments() {
        return troubled(ExperimentStore.class, memory.experiments());
    }

    @Override
    public RunStore runs() {
        return troubled(RunStore.class, memory.runs());
    }

    @Override
    public ArtifactStore artifacts() {
        return troubled(ArtifactStore.class, memory.artifacts());
    }

    @Override
    public ModelStore models() {
        return memory.models();
    }

    @Override
    public void close() {
        memory.close();
    }
}
