package io.mlops.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import io.mlops.core.config.MlopsConfig;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What was opened for an {@link Mlops} that then cannot be made is closed, since nobody else has it. */
final class OpenedInVainTest {
    /** A provider of a place that cannot be looked at. */
    public static final class Failing implements BackendProvider {
        private static final AtomicInteger CLOSED = new AtomicInteger();

        @Override
        public Set<String> schemes() {
            return Set.of("failing");
        }

        @Override
        public Backend open(String address, Map<String, String> settings) {
            return (Backend) Proxy.newProxyInstance(
                    Failing.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("close")) {
                            return CLOSED.incrementAndGet() > 0 ? null : method;
                        }
                        throw new BackendUnavailableException("the disk is away", false, null);
                    });
        }
    }

    @Test
    void aBackendThatWasOpenedInVainIsClosed() {
        for (MlopsConfig config :
                List.of(MlopsConfig.standard(), MlopsConfig.standard().mustExist())) {
            int before = Failing.CLOSED.get();

            assertThatThrownBy(() -> Mlops.open("failing:x", config)).isInstanceOf(BackendUnavailableException.class);
            assertThat(Failing.CLOSED.get() - before).isEqualTo(1);
        }
    }
}
