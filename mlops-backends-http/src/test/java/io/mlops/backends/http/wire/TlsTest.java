package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.HttpSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockWebServer;
import okhttp3.CertificatePinner;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
    private static final Call READ = Call.get("read");

    private final FakeTime time = new FakeTime();
    private final HeldCertificate authority = new HeldCertificate.Builder()
            .certificateAuthority(1)
            .commonName("Our Private CA")
            .build();
    private final MockWebServer server = new MockWebServer();
    private final NameService here = host -> List.of(InetAddress.getLoopbackAddress());

    @TempDir
    private Path folder;

    private Path trusted;

    @BeforeEach
    void writeCertificate() throws IOException {
        trusted = Files.writeString(folder.resolve("ca.pem"), authority.certificatePem());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HeldCertificate.Builder certificate() {
        return new HeldCertificate.Builder()
                .commonName("mlflow")
                .addSubjectAlternativeName("mlflow.test")
                .signedBy(authority);
    }

    private void serve(HeldCertificate held) throws IOException {
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(held)
                .addTrustedCertificate(authority.certificate())
                .build()
                .sslSocketFactory());
        server.start();
        server.enqueue(Servers.ok());
    }

    private Wire wire(String host, HttpSettings settings) {
        return Wire.to("https://" + host + ":" + server.getPort(), settings, time.clock(), here);
    }

    private void refused(String host, HttpSettings settings, String... words) {
        try (Wire wire = wire(host, settings)) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(host)
                    .hasMessageContainingAll(words);
        }
        assertThat(time.waits()).isEmpty();
    }

    @Test
    void aCertificateOfNobodyWeTrustNamesItsIssuer() throws IOException {
        serve(certificate().build());
        refused("mlflow.test", HttpSettings.standard(), "Our Private CA", "HttpSettings.trust");
    }

    @Test
    void oneMoreIssuerIsTrusted() throws IOException {
        serve(certificate().build());
        try (Wire wire = wire("mlflow.test", HttpSettings.standard().trust(trusted))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws IOException {
        serve(certificate().build());
        refused("other.test", HttpSettings.standard().trust(trusted), "another host");
    }

    @Test
    void aCertificateWhoseTimeIsOverIsRefused() throws IOException {
        long now = System.currentTimeMillis();
        serve(certificate()
                .validityInterval(now - TimeUnit.DAYS.toMillis(20), now - TimeUnit.DAYS.toMillis(10))
                .build());
        refused("mlflow.test", HttpSettings.standard().trust(trusted), "valid from");
    }

    @Test
    void aPinMustFit() throws IOException {
        HeldCertificate held = certificate().build();
        serve(held);
        HttpSettings settings = HttpSettings.standard().trust(trusted);
        refused("mlflow.test", settings.pin("sha256/" + "A".repeat(43) + "="), "HttpSettings.pin");
        server.enqueue(Servers.ok());
        try (Wire wire = wire("mlflow.test", settings.pin(CertificatePinner.pin(held.certificate())))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
        }
    }

    @Test
    void aServerMayAskWhoWeAre() throws IOException {
        server.requireClientAuth();
        serve(certificate().build());
        HeldCertificate us = new HeldCertificate.Builder()
                .commonName("trainer")
                .signedBy(authority)
                .build();
        Path pair = Files.writeString(folder.resolve("client.pem"), us.certificatePem() + us.privateKeyPkcs8Pem());
        try (Wire wire =
                wire("mlflow.test", HttpSettings.standard().trust(trusted).clientCertificate(pair))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
        }
    }

    @Test
    void filesWithoutWhatTheyShouldHoldAreNamed() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
        assertThatThrownBy(
                        () -> Wire.to("https://a.test", HttpSettings.standard().trust(empty)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("empty.pem");
        assertThatThrownBy(
                        () -> Wire.to("https://a.test", HttpSettings.standard().trust(folder.resolve("none"))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(
                        () -> Wire.to("https://a.test", HttpSettings.standard().clientCertificate(trusted)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("openssl pkcs8");
    }

    @Test
    void aServerWithoutTlsIsNamed() {
        try (RawServer plain = new RawServer((socket, number) -> {
                    socket.getInputStream().read(new byte[100]);
                    RawServer.say(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                });
                Wire wire = Wire.to(
                        plain.address().replace("http", "https"), HttpSettings.standard(), time.clock(), here)) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("begins with http://");
        }
        assertThat(time.waits()).isEmpty();
    }

    @Test
    void aHandshakeThatBreaksOffIsTriedAgain() {
        try (RawServer broken = new RawServer(
                        (socket, number) -> socket.getInputStream().read());
                Wire wire = Wire.to(
                        broken.address().replace("http", "https"), HttpSettings.standard(), time.clock(), here)) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("tries in");
        }
    }
}
