package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.HttpSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProxyTest {
    private static final Call READ = Call.get("read");
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("me:pass-word".getBytes(StandardCharsets.UTF_8));

    private final FakeTime time = new FakeTime();
    /** Proxy and server in one. */
    private final MockWebServer proxy = new MockWebServer();

    private final NameService here = host -> List.of(InetAddress.getLoopbackAddress());

    @AfterEach
    void close() {
        proxy.close();
    }

    private Wire wire(String address, HttpSettings settings) {
        return Wire.to(address, settings.allowPlainHttp(), time.clock(), here);
    }

    private HttpSettings throughProxy() {
        return HttpSettings.standard()
                .token("token-of-server")
                .proxy("http://me:pass-word@127.0.0.1:" + proxy.getPort());
    }

    @Test
    void plainHttpGoesThroughAProxyWithAPassword() throws IOException, InterruptedException {
        proxy.start();
        proxy.enqueue(Servers.ok());
        try (Wire wire = wire("http://mlflow.test:5000/team", throughProxy())) {
            assertThat(wire.call(Call.post("read").once(), AnswerReader.ignoring()))
                    .isTrue();
        }
        RecordedRequest request = proxy.takeRequest();
        assertThat(request.getRequestLine()).startsWith("POST http://mlflow.test:5000/team/read ");
        assertThat(request.getHeaders().get("Proxy-Authorization")).isEqualTo(BASIC);
    }

    @Test
    void httpsGoesThroughATunnelThatSeesNoCredentialsOfTheServer(@TempDir Path folder)
            throws IOException, InterruptedException {
        HeldCertificate held = new HeldCertificate.Builder()
                .addSubjectAlternativeName("mlflow.test")
                .build();
        proxy.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(held)
                .build()
                .sslSocketFactory());
        proxy.start();
        proxy.enqueue(new MockResponse.Builder().inTunnel().build());
        proxy.enqueue(Servers.ok());
        Path trusted = Files.writeString(folder.resolve("ca.pem"), held.certificatePem());
        try (Wire wire = wire("https://mlflow.test", throughProxy().trust(trusted))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
        }
        RecordedRequest connect = proxy.takeRequest();
        assertThat(connect.getRequestLine()).startsWith("CONNECT mlflow.test:443 ");
        assertThat(connect.getHeaders().get("Proxy-Authorization")).isEqualTo(BASIC);
        assertThat(connect.getHeaders().get("Authorization")).isNull();
        RecordedRequest request = proxy.takeRequest();
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer token-of-server");
        assertThat(request.getHeaders().get("Proxy-Authorization")).isNull();
    }

    @Test
    void aProxyThatRefusesIsNamed() throws IOException {
        proxy.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(new HeldCertificate.Builder().build())
                .build()
                .sslSocketFactory());
        proxy.start();
        proxy.enqueue(new MockResponse.Builder()
                .inTunnel()
                .code(407)
                .addHeader("Proxy-Authenticate", "Basic")
                .build());
        try (Wire wire = wire("https://mlflow.test", throughProxy())) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("the proxy")
                    .hasMessageNotContaining("pass-word");
        }
        assertThat(time.waits()).isEmpty();
    }

    @Test
    void aPageOfAProxyNamesIt() throws IOException {
        proxy.start();
        proxy.enqueue(new MockResponse.Builder()
                .code(407)
                .addHeader("Content-Type", "text/html")
                .addHeader("Server", "squid/5.7")
                .addHeader("Via", "1.1 edge")
                .body("<html><title>Access Denied</title>")
                .build());
        try (Wire wire = wire("http://mlflow.test", HttpSettings.standard().proxy("127.0.0.1:" + proxy.getPort()))) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("Access Denied")
                    .hasMessageContaining("user and password");
        }
    }

    @Test
    void hostsOfTheListAndProxiesOfTheJvmAreLeftOut() throws IOException {
        proxy.start();
        try (MockWebServer server = Servers.started()) {
            server.enqueue(Servers.ok());
            server.enqueue(Servers.ok());
            System.setProperty("http.proxyHost", "127.0.0.1");
            System.setProperty("http.proxyPort", Integer.toString(proxy.getPort()));
            System.setProperty("http.nonProxyHosts", "");
            try (Wire direct = wire("http://a.mlflow.test:" + server.getPort(), HttpSettings.standard());
                    Wire listed = wire(
                            "http://a.mlflow.test:" + server.getPort(),
                            throughProxy().withoutProxy(".mlflow.test"))) {
                assertThat(direct.call(READ, AnswerReader.ignoring())).isTrue();
                assertThat(listed.call(READ, AnswerReader.ignoring())).isTrue();
            } finally {
                System.clearProperty("http.proxyHost");
                System.clearProperty("http.proxyPort");
                System.clearProperty("http.nonProxyHosts");
            }
        }
        assertThat(proxy.getRequestCount()).isZero();
    }
}
