package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ConnectionTest {
    private static final Call READ = Call.get("read");
    private static final Call WRITE = Call.post("write").body(JsonBody.of(Map.of("key", "value")));

    /** MLflow closes after 5 s, and whoever writes at that moment does not know whether it arrived. */
    @Test
    void anIdleConnectionIsClosedBeforeTheServerDoesIt() {
        CompletableFuture<Duration> idle = new CompletableFuture<>();
        try (RawServer server = new RawServer((socket, number) -> {
                    RawServer.head(socket);
                    RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                    long begin = System.nanoTime();
                    if (socket.getInputStream().read() < 0) {
                        idle.complete(Duration.ofNanos(System.nanoTime() - begin));
                    }
                });
                Wire wire = Wire.to(server.address(), HttpSettings.standard())) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
            assertThat(idle.join()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(10));
        }
    }

    @Test
    void oneConnectionServesManyCalls() throws InterruptedException {
        try (MockWebServer server = Servers.started();
                Wire wire = Servers.wire(server, HttpSettings.standard())) {
            for (int i = 0; i < 5; i++) {
                server.enqueue(Servers.json(200, "{\"a\": 1}   "));
                assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
                assertThat(server.takeRequest().getConnectionIndex()).isZero();
            }
        }
    }

    @Test
    void loadBalancersAreRemindedOfIdleConnections() throws IOException {
        try (Socket socket = new KeepAliveSockets().createSocket()) {
            assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            for (SocketOption<?> option : socket.supportedOptions()) {
                if (option.name().equals("TCP_KEEPIDLE")) {
                    assertThat(socket.getOption(option)).isEqualTo(30);
                }
            }
        }
    }

    @Test
    void aConnectionThatIsNotAcceptedIsWaitedForOnlySoLong() throws IOException {
        Patience patience = new Patience(Duration.ofMillis(200), Duration.ofSeconds(50), Duration.ofSeconds(50), 1000);
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Wire wire = Wire.to(
                        "http://127.0.0.1:" + full.getLocalPort(),
                        HttpSettings.standard().patience(patience),
                        new FakeTime().clock(),
                        NameService.system())) {
            fill(full, waiting);
            assertThatThrownBy(() -> wire.call(WRITE.once(), AnswerReader.ignoring()))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("127.0.0.1:" + full.getLocalPort())
                    .hasMessageContaining("tries in");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** Connects until nobody more gets in. */
    private static void fill(ServerSocket full, List<Socket> waiting) throws IOException {
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 200);
            } catch (SocketTimeoutException in) {
                return;
            }
        }
    }

    /** A proxy that speaks HTTP/2 may end one call of many, or say that it goes away. */
    @Test
    void aStreamThatEndsIsTriedAgainByOurRulesOnly(@TempDir Path folder) throws IOException {
        HeldCertificate held = new HeldCertificate.Builder()
                .addSubjectAlternativeName("mlflow.test")
                .build();
        Path trusted = Files.writeString(folder.resolve("ca.pem"), held.certificatePem());
        try (MockWebServer server = new MockWebServer()) {
            server.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(held)
                    .build()
                    .sslSocketFactory());
            server.start();
            MockResponse ended = new MockResponse.Builder()
                    .onRequestStart(new SocketEffect.CloseStream(7))
                    .build();
            try (Wire wire = Wire.to(
                    "https://mlflow.test:" + server.getPort(),
                    HttpSettings.standard().trust(trusted),
                    new FakeTime().clock(),
                    host -> List.of(InetAddress.getLoopbackAddress()))) {
                server.enqueue(ended);
                server.enqueue(Servers.ok());
                assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
                assertThat(server.getRequestCount()).isEqualTo(2);
                server.enqueue(ended);
                assertThat(wire.ask(WRITE.once(), AnswerReader.ignoring())).isInstanceOf(Answer.Unknown.class);
                server.enqueue(Servers.ok()
                        .newBuilder()
                        .onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
                        .build());
                server.enqueue(Servers.ok());
                assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
                assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
                assertThat(server.getRequestCount()).isEqualTo(5);
            }
        }
    }

    @Test
    void credentialsStayWithTheServer() throws IOException, InterruptedException {
        try (MockWebServer server = Servers.started();
                MockWebServer other = new MockWebServer()) {
            other.start(InetAddress.getByName("127.0.0.2"), 0);
            server.enqueue(new MockResponse.Builder()
                    .code(307)
                    .addHeader("Location", "http://127.0.0.2:" + other.getPort() + "/write")
                    .build());
            server.enqueue(Servers.status(404));
            server.enqueue(Servers.status(404));
            try (Wire wire = Servers.wire(server, HttpSettings.standard().token("token-word"))) {
                assertThat(wire.ask(WRITE, AnswerReader.ignoring()).hasStatus(307))
                        .isTrue();
            }
            assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer token-word");
            assertThat(other.getRequestCount()).isZero();
        }
    }

    @Test
    void closingEndsADownload() throws IOException {
        try (RawServer server = new RawServer((socket, number) -> {
            RawServer.head(socket);
            RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            RawServer.head(socket);
        })) {
            Wire wire = Wire.to(server.address(), HttpSettings.standard());
            try (Download download = wire.download(READ, 0, null).orThrow()) {
                assertThat(download.bytes().readNBytes(3)).hasSize(3);
                wire.close();
                assertThatThrownBy(() -> download.bytes().read()).isInstanceOf(IOException.class);
            }
        }
    }
}
