package io.mlops.backends.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.RefusedException;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class HttpProviderTest {
    private final BackendProvider provider = ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.schemes().contains("https"))
            .findFirst()
            .orElseThrow();

    @Test
    void addressesOfServersAreOpenedWithoutAskingThem() {
        try (Backend backend = provider.open("https://me:s3cret@mlflow.example.com/team/", Map.of())) {
            assertThat(backend.info().name()).isEqualTo("https://mlflow.example.com/team");
        }
        assertThat(provider.schemes()).containsExactlyInAnyOrder("http", "https");
    }

    @Test
    void theEnvironmentIsObeyedIfItIsGiven() {
        assertThatThrownBy(() ->
                        provider.open("https://mlflow.example.com", Map.of("MLFLOW_TRACKING_INSECURE_TLS", "true")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MLFLOW_TRACKING_SERVER_CERT_PATH");
        assertThatThrownBy(() -> provider.open(
                        "https://mlflow.example.com", Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", "/no/such/file")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("/no/such/file");
    }

    @Test
    void plainHttpToAnotherMachineSaysHowToAllowIt() {
        assertThatThrownBy(() -> provider.open("http://mlflow.example.com", Map.of()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("HttpSettings.allowPlainHttp");
    }
}
