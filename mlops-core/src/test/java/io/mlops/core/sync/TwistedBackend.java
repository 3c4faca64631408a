package io.mlops.core.sync;

import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;

/** A backend of which a test changes what some calls do. Not thread-safe. */
final class TwistedBackend implements Backend {
    /** Does a call, or something else. */
    @FunctionalInterface
    interface Twist {
        Object call(String method, List<Object> arguments, Real real) throws Throwable;
    }

    /** Does the call as the backend does it. */
    @FunctionalInterface
    interface Real {
        Object call() throws Throwable;
    }

    private final Backend kept;
    private final Twist twist;

    TwistedBackend(Backend kept, Twist twist) {
        this.kept = kept;
        this.twist = twist;
    }

    private <T> T twisted(Class<T> type, T store) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            List<Object> arguments = args == null ? List.of() : Arrays.asList(args);
            return twist.call(method.getName(), arguments, () -> {
                try {
                    return method.invoke(store, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
        }));
    }

    @Override
    public BackendInfo info() {
        return kept.info();
    }

    @Override
    public ExperimentStore experiments() {
        return twisted(ExperimentStore.class, kept.experiments());
    }

    @Override
    public RunStore runs() {
        return twisted(RunStore.class, kept.runs());
    }

    @Override
    public ArtifactStore artifacts() {
        return twisted(ArtifactStore.class, kept.artifacts());
    }

    @Override
    public ModelStore models() {
        return twisted(ModelStore.class, kept.models());
    }

    @Override
    public void close() {
        kept.close();
    }
}
