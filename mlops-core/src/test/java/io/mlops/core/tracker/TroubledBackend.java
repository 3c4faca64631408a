package io.mlops.core.tracker;

import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import io.mlops.core.memory.MemoryBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/** Memory, whose every call begins with whatever a test wants: any exception, or a wait without end. */
final class TroubledBackend implements Backend {
    private final MemoryBackend memory = new MemoryBackend();
    private volatile Runnable trouble = () -> {};

    MemoryBackend memory() {
        return memory;
    }

    void trouble(Runnable before) {
        trouble = before;
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
