package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.HttpSettings;
import java.util.List;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "", textBlock = """
        ftp://mlflow.example.com               | neither with http
        mlflow.example.com                     | neither with http
        https://                               | no host
        https:///team                          | no host
        https://:5000                          | no host
        https://mlflow.example.com?workspace=a | a query
        https://mlflow.example.com/team#part   | a fragment
        https://mlflow.example.com:port        | a port
        https://mlflow.example.com:0           | a port
        https://mlflow.example.com:70000       | a port
        https://mlflow example.com             | a host
        https://mlflow..example.com            | a host
        https://[::1                           | a host
        https://mlflow.example.com/a/../b      | dots
        https://mlflow.example.com/a/%2e%2e/b  | dots
        https://mlflow.example.com/a b         | must be encoded
        https://mlflow.example.com/100%        | must be encoded
        """)
    void whatIsWrongWithAnAddressIsNamed(String address, String part) {
        assertThatThrownBy(() -> Wire.to(address, HttpSettings.standard()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:s3cr3t-word@mlflow.example.com?x",
                "https://user:s3cr3t-word@mlflow.example.com:port",
                "https://user:s3cr3t-word%@mlflow.example.com",
                "https://user:s3cr3t/word@mlflow.example.com",
                "https://user:s3cr3t?word@mlflow.example.com",
                "https://user:s3cr3t#word@mlflow.example.com",
                "ftp://user:s3cr3t-word@mlflow.example.com",
                "https://user:s3cr3t-word@",
                "https://user:s3cr3t-word@a b"
            })
    void noMessageAboutAnAddressShowsItsPassword(String address) {
        assertThatThrownBy(() -> Wire.to(address, HttpSettings.standard()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cr3t")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        https://mlflow.example.com              | https://mlflow.example.com
        HTTPS://MLflow.Example.com:443/         | https://mlflow.example.com
        https://user:word@mlflow.example.com/a/ | https://mlflow.example.com/a
        https://mlflow.example.com:5000/a/b//   | https://mlflow.example.com:5000/a/b
        http://[::1]:5000                       | http://[::1]:5000
        http://mlflow_server.localhost:5000     | http://mlflow_server.localhost:5000
        https://bücher.example/a                | https://xn--bcher-kva.example/a
        """)
    void aNameIsTheAddressWithoutUser(String address, String name) {
        assertThat(Address.parse(address).name()).isEqualTo(name);
    }

    @Test
    void plainHttpIsForThisMachineUnlessItIsAllowed() {
        for (String here : List.of("http://localhost:1", "http://127.8.0.1", "http://[::1]", "http://a.localhost")) {
            assertThatCode(() -> Wire.to(here, HttpSettings.standard()).close()).doesNotThrowAnyException();
        }
        for (String there : List.of("http://mlflow:5000", "http://10.0.0.1", "http://localhost.example.com")) {
            assertThatThrownBy(() -> Wire.to(there, HttpSettings.standard()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("allowPlainHttp");
            assertThatCode(() -> Wire.to(there, HttpSettings.standard().allowPlainHttp())
                            .close())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void whateverNamesHoldArrivesAsOneSegment() throws InterruptedException {
        try (MockWebServer server = Servers.started();
                Wire wire = Wire.to(Servers.addressOf(server) + "/ml%20flow", HttpSettings.standard())) {
            server.enqueue(Servers.ok());
            Call call = Call.get("artifacts")
                    .segments(List.of("a b", "ü", "x%2fy", "%2e%2e", "a?b#c;d", "a+b&c=d"))
                    .query("path", "a/b &=+ü%");
            assertThat(wire.call(call, AnswerReader.ignoring())).isTrue();
            assertThat(server.takeRequest().getTarget())
                    .isEqualTo("/ml%20flow/artifacts/a%20b/%C3%BC/x%252fy/%252e%252e/a%3Fb%23c%3Bd/a%2Bb%26c%3Dd"
                            + "?path=a%2Fb%20%26%3D%2B%C3%BC%25");
        }
        assertThatThrownBy(() -> Call.get("artifacts").segments(List.of("a", "..")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
