package io.mlops.backends.http;

import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendProvider;
import io.mlops.backends.http.config.HttpSettings;
import java.util.Map;
import java.util.Set;

/** The provider of backends on MLflow servers, for addresses such as {@code https://mlflow.example.com}. Thread-safe. */
public final class HttpProvider implements BackendProvider {
    /** Makes a provider, for {@link java.util.ServiceLoader}. */
    public HttpProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("http", "https");
    }

    @Override
    public Backend open(String address, Map<String, String> settings) {
        return HttpBackend.at(
                address, settings.isEmpty() ? HttpSettings.standard() : HttpSettings.fromEnvironment(settings));
    }
}
