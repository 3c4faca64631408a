package io.mlops.backends.http.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSettingsTest {
    @TempDir
    private Path home;

    private HttpSettings environment(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return EnvironmentSettings.read(environment, home);
    }

    @Test
    void eachValueNamesItsSourceAndNoSecret() {
        String text = environment(
                        "MLFLOW_TRACKING_TOKEN", "t0ken-word",
                        "HTTPS_PROXY", "http://me:pr0xy-word@proxy.example.com:3128",
                        "NO_PROXY", "localhost, .example.com",
                        "MLFLOW_WORKSPACE", "team-a")
                .pointsPerRequest(250)
                .explainConfiguration();
        assertThat(text)
                .contains("credentials = token *** (variable MLFLOW_TRACKING_TOKEN)")
                .contains("httpsProxy = proxy.example.com:3128 for user me with password *** (variable HTTPS_PROXY)")
                .contains("withoutProxy = [.example.com, localhost] (variable NO_PROXY)")
                .contains("header X-MLFLOW-WORKSPACE = *** (variable MLFLOW_WORKSPACE)")
                .contains("pointsPerRequest = 250 (set by the program)")
                .contains("trusted = none (default)")
                .doesNotContain("t0ken-word")
                .doesNotContain("pr0xy-word");
    }

    @Test
    void variablesWinOverTheFileAndUsersOverTokens() throws IOException {
        Path file = home.resolve(".mlflow").resolve("credentials");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
            [other]
            mlflow_tracking_username = nobody
            [mlflow]
            mlflow_tracking_username = alice
            mlflow_tracking_password = a=b
            """);
        HttpSettings ofFile = environment("MLFLOW_TRACKING_TOKEN", "token");
        assertThat(ofFile.credentials()).isEqualTo(new Credentials.Basic("alice", Secret.of("a=b")));
        assertThat(ofFile.explainConfiguration()).contains("user alice with password *** (file " + file + ")");
        assertThat(environment("MLFLOW_TRACKING_USERNAME", "bob", "MLFLOW_TRACKING_PASSWORD", "c")
                        .credentials())
                .isEqualTo(new Credentials.Basic("bob", Secret.of("c")));
    }

    @ParameterizedTest
    @CsvSource({
        "MLFLOW_TRACKING_INSECURE_TLS, true, MLFLOW_TRACKING_SERVER_CERT_PATH",
        "MLFLOW_TRACKING_AWS_SIGV4, true, HttpSettings.sign",
        "MLFLOW_TRACKING_AUTH, kubernetes, HttpSettings.sign",
        "MLFLOW_HTTP_REQUEST_TIMEOUT, soon, a number of seconds",
        "https_proxy, socks5://proxy:1, http://proxy.example.com:3128"
    })
    void whatIsNotDoneIsRefusedWithTheWayOut(String name, String value, String wayOut) {
        assertThatThrownBy(() -> environment(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(wayOut);
    }

    @Test
    void emptyVariablesAreNone() {
        assertThat(environment("MLFLOW_TRACKING_TOKEN", "", "HTTPS_PROXY", " ", "MLFLOW_TRACKING_INSECURE_TLS", "")
                        .explainConfiguration())
                .isEqualTo(HttpSettings.standard().explainConfiguration());
    }

    @Test
    void aProxyOfWebServersIsNoneOfOurs() {
        assertThat(environment("HTTP_PROXY", "http://evil.example.com")
                        .network()
                        .httpProxy())
                .isNull();
        assertThat(environment("http_proxy", "http://proxy.example.com")
                        .network()
                        .proxyTo("http", "a.test", 80))
                .isEqualTo(new ProxyServer("proxy.example.com", 80, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "mlflow.example.com, mlflow.example.com, 443, true",
        "example.com, mlflow.example.com, 443, true",
        ".example.com, mlflow.example.com, 443, true",
        "*.example.com, mlflow.example.com, 443, true",
        "ample.com, mlflow.example.com, 443, false",
        "mlflow.example.com:443, mlflow.example.com, 443, true",
        "mlflow.example.com:443, mlflow.example.com, -1, true",
        "::1, [::1], 443, true",
        "mlflow.example.com:5000, mlflow.example.com, 443, false",
        "EXAMPLE.com, mlflow.example.com, 443, true",
        "*, anything, 1, true"
    })
    void hostsWithoutProxyAreNamedAsElsewhere(String pattern, String host, int port, boolean direct) {
        Network network = environment("HTTPS_PROXY", "proxy.example.com:3128", "NO_PROXY", pattern)
                .network();
        assertThat(network.proxyTo("https", host, port) == null).isEqualTo(direct);
    }

    @Test
    void timesAndCertificatesComeFromVariables() {
        HttpSettings settings = environment(
                "MLFLOW_HTTP_REQUEST_TIMEOUT", "300",
                "MLFLOW_TRACKING_SERVER_CERT_PATH", "/ca.pem",
                "MLFLOW_TRACKING_CLIENT_CERT_PATH", "/us.pem");
        assertThat(settings.patience().silence()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.patience().call()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.network().trusted()).isEqualTo(Path.of("/ca.pem"));
        assertThat(settings.network().clientCertificate()).isEqualTo(Path.of("/us.pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "Range", "bad name", "", "a:b"})
    void headersOfTheConnectionAreNotSet(String name) {
        assertThatThrownBy(() -> HttpSettings.standard().header(name, "value"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret\r\nX-Evil: 1", "s3cret\n", "s3crét", "", " s3cret"})
    void whatNoHeaderCanHoldIsRefusedWithoutShowingIt(String value) {
        assertThatThrownBy(() -> HttpSettings.standard().header("X-Key", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X-Key")
                .hasMessageNotContaining("s3cr");
        assertThatThrownBy(() -> HttpSettings.standard().token(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cr");
    }

    @Test
    void otherPlacesAreOnlyThoseThatAreAllowed() {
        Places none = HttpSettings.standard().places();
        assertThat(none.mayUse(Path.of("/mnt/shared/a"))).isFalse();
        assertThat(none.mayCall("files.example.com", 443)).isFalse();
        Places some = HttpSettings.standard()
                .allowFolder(Path.of("/mnt/shared"))
                .allowHost("Files.example.com:8443")
                .places();
        assertThat(some.mayUse(Path.of("/mnt/shared/a/b"))).isTrue();
        assertThat(some.mayUse(Path.of("/mnt/shared/../other"))).isFalse();
        assertThat(some.mayUse(Path.of("/mnt/shared-too"))).isFalse();
        assertThat(some.mayCall("files.EXAMPLE.com", 8443)).isTrue();
        assertThat(some.mayCall("files.example.com", 443)).isFalse();
    }

    @Test
    void proxiesOfOtherKindsAreRefusedWithoutTheirPassword() {
        for (String wrong :
                new String[] {"socks5://me:s3cret@proxy:1", "http://me:s3cret@proxy:port", "http://me:s3cret@"}) {
            assertThatThrownBy(() -> HttpSettings.standard().proxy(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("s3cret")
                    .hasNoCause();
        }
    }
}
