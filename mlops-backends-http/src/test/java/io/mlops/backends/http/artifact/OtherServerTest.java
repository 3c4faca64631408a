package io.mlops.backends.http.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of runs of one server that lie behind another. */
final class OtherServerTest {
    private static final HttpSettings SETTINGS =
            HttpSettings.standard().token("secret-of-server").header("X-Key", "secret-key");

    @AutoClose
    private final StandIn server = StandIn.start(Release.V3_17);

    @AutoClose
    private final StandIn other = StandIn.start(Release.V3_17);

    private final List<String> secrets = new CopyOnWriteArrayList<>();

    OtherServerTest() throws IOException {
        other.intercept(request -> {
            request.headers().values().stream()
                    .filter(value -> value.contains("secret"))
                    .forEach(secrets::add);
            return null;
        });
    }

    private String hostOfOther() {
        return other.address().substring("http://".length());
    }

    @Test
    void itIsUsedIfTheSettingsAllowItAndLearnsNoSecret() {
        for (String root : List.of(
                "mlflow-artifacts://" + hostOfOther() + "/7",
                other.address() + "/api/2.0/mlflow-artifacts/artifacts/8")) {
            server.empty();
            try (FilesOnServer files = FilesOnServer.of(server, root, SETTINGS.allowHost(hostOfOther()))) {
                assertThat(files.put("reports/größe 1", new byte[] {1})).isEqualTo(1);
                assertThat(files.read("reports/größe 1")).containsExactly(1);
                files.files().delete(files.place(), io.mlops.api.common.RelativePath.of("reports/größe 1"));
                assertThat(files.has("reports/größe 1")).isFalse();
            }
            assertThat(server.requests()).noneMatch(request -> request.contains("artifact"));
        }
        assertThat(other.requests()).anyMatch(request -> request.contains("/artifacts/7/"));
        assertThat(other.requests()).anyMatch(request -> request.contains("/artifacts/8/"));
        assertThat(secrets).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlflow-artifacts://%s/7", "http://%s/api/2.0/mlflow-artifacts/artifacts/7"})
    void otherwiseItIsRefusedNamingTheSetting(String root) {
        try (FilesOnServer files = FilesOnServer.of(server, root.formatted(hostOfOther()), SETTINGS)) {
            assertThatThrownBy(() -> files.put("a", new byte[1]))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("HttpSettings.allowHost", other.address());
            assertThatThrownBy(() -> files.has("a")).isInstanceOf(RefusedException.class);
        }
        assertThat(other.requests()).isEmpty();
    }

    @Test
    void theServerItselfMayBeNamed() {
        String host = server.address().substring("http://".length());
        try (FilesOnServer files = FilesOnServer.of(server, "mlflow-artifacts://" + host + "/7", SETTINGS)) {
            assertThat(files.put("a", new byte[] {1})).isEqualTo(1);
            assertThat(files.has("a")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlflow-artifacts://user:s3cret@127.0.0.1:5000/1",
                "mlflow-artifacts://:5000/1",
                "mlflow-artifacts://169.254.169.254/1",
                "mlflow-artifacts://exa mple/1",
                "mlflow-artifacts://127.0.0.1:99999/1",
                "mlflow-artifacts:/../../etc",
                "mlflow-artifacts:/1/./x",
                "http://169.254.169.254/api/2.0/mlflow-artifacts/artifacts/1",
                "https://user:s3cret@example.com/api/2.0/mlflow-artifacts/artifacts/1",
                "http://127.0.0.1:1/a?b=s3cret/api/2.0/mlflow-artifacts/artifacts/1",
                "http://127.0.0.1:1/api/2.0/mlflow-artifacts/artifacts/../1"
            })
    void whatIsNoServerIsRefused(String root) {
        try (FilesOnServer files = FilesOnServer.of(server, root, SETTINGS)) {
            assertThatThrownBy(() -> files.put("a", new byte[1]))
                    .isInstanceOf(MlopsException.class)
                    .hasMessageNotContaining("s3cret");
        }
        assertThat(server.requests()).noneMatch(request -> request.contains("mlflow-artifacts"));
    }
}
