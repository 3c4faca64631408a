package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HttpSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PresignedTest {
    private static final HttpSettings SECRET =
            HttpSettings.standard().token("token-of-server").header("X-Key", "key-of-server");
    private static final RelativePath PATH = RelativePath.of("a");

    private final FakeTime time = new FakeTime();
    private final MockWebServer server = Servers.started();
    private final MockWebServer bucket = Servers.started();

    @AfterEach
    void close() {
        server.close();
        bucket.close();
    }

    private String signed() {
        return Servers.addressOf(bucket) + "/a%2Fb?X-Amz-Signature=s1gnature";
    }

    @Test
    void bytesGoWithTheirLengthAndWithoutCredentials() throws InterruptedException {
        bucket.enqueue(new MockResponse.Builder().addHeader("ETag", "\"1\"").build());
        try (Wire wire = Servers.wire(server, SECRET.allowPrivateAddresses(), time)) {
            Upload.Done done = wire.presigned()
                    .put(signed(), Map.of("x-ms-blob-type", "BlockBlob"), PATH, Content.text("hello"))
                    .orThrow();
            assertThat(done.etag()).isEqualTo("\"1\"");
            assertThat(done.entry().bytes()).isEqualTo(5);
        }
        RecordedRequest request = bucket.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/a%2Fb?X-Amz-Signature=s1gnature");
        assertThat(request.getHeaders().get("Content-Length")).isEqualTo("5");
        assertThat(request.getHeaders().get("x-ms-blob-type")).isEqualTo("BlockBlob");
        assertThat(request.getHeaders().toString()).doesNotContain("of-server");
    }

    /** A signature may be over the type, too. */
    @Test
    void theTypeIsTheOneThatWasSigned() throws InterruptedException {
        bucket.enqueue(new MockResponse.Builder().build());
        bucket.enqueue(new MockResponse.Builder().build());
        try (Wire wire = Servers.wire(server, SECRET.allowPrivateAddresses(), time)) {
            for (Map<String, String> headers : List.of(Map.of("content-type", "text/csv"), Map.<String, String>of())) {
                assertThat(wire.presigned()
                                .put(signed(), headers, PATH, Content.text("hello"))
                                .orThrow()
                                .entry()
                                .bytes())
                        .isEqualTo(5);
            }
        }
        assertThat(bucket.takeRequest().getHeaders().get("Content-Type")).isEqualTo("text/csv");
        assertThat(bucket.takeRequest().getHeaders().get("Content-Type")).isNull();
    }

    @Test
    void aRestIsAskedForByRange() throws IOException, InterruptedException {
        bucket.enqueue(new MockResponse.Builder()
                .code(206)
                .addHeader("Content-Range", "bytes 3-4/5")
                .addHeader("ETag", "\"1\"")
                .body("lo")
                .build());
        bucket.enqueue(new MockResponse.Builder().body("other").build());
        try (Wire wire = Servers.wire(server, SECRET.allowPrivateAddresses(), time)) {
            try (Download rest =
                    wire.presigned().get(signed(), Map.of(), 3, "\"1\"").orThrow()) {
                assertThat(rest.from()).isEqualTo(3);
                assertThat(new String(rest.bytes().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("lo");
            }
            try (Download all =
                    wire.presigned().get(signed(), Map.of(), 3, "\"1\"").orThrow()) {
                assertThat(all.from()).isZero();
            }
        }
        RecordedRequest request = bucket.takeRequest();
        assertThat(request.getHeaders().get("Range")).isEqualTo("bytes=3-");
        assertThat(request.getHeaders().get("If-Range")).isEqualTo("\"1\"");
        assertThat(request.getHeaders().toString()).doesNotContain("of-server");
    }

    @Test
    void noMessageShowsASignature() {
        bucket.enqueue(Servers.page(
                403, "application/xml", "<Error><Code>SignatureDoesNotMatch</Code><Key>s1gnature</Key></Error>"));
        bucket.enqueue(Servers.status(404));
        try (Wire wire = Servers.wire(server, SECRET.allowPrivateAddresses(), time)) {
            assertThatThrownBy(() ->
                            wire.presigned().get(signed(), Map.of(), 0, null).orThrow())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("403 SignatureDoesNotMatch")
                    .hasMessageNotContaining("s1gnature");
            assertThatThrownBy(() ->
                            wire.presigned().get(signed(), Map.of(), 0, null).orThrow())
                    .isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void anAnswerThatIsLostIsSentAgain() {
        bucket.enqueue(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
        bucket.enqueue(new MockResponse.Builder().build());
        try (Wire wire = Servers.wire(server, SECRET.allowPrivateAddresses(), time)) {
            assertThat(wire.presigned()
                            .put(signed(), Map.of(), PATH, Content.text("hello"))
                            .orThrow()
                            .entry()
                            .bytes())
                    .isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://bucket.example.com/a",
                "https://127.0.0.1/a",
                "https://localhost/a",
                "https://169.254.169.254/latest/meta-data",
                "https://10.1.2.3/a",
                "https://172.16.0.1/a",
                "https://192.168.1.1/a",
                "https://100.64.1.1/a",
                "https://0.0.0.0/a",
                "https://[::1]/a",
                "https://[fd00::1]/a",
                "https://[fe80::1]/a",
                "https://[::ffff:10.0.0.1]/a",
                "https://[64:ff9b::a00:1]/a",
                "https://inside.example.com/a",
                "https://user:word@bucket.example.com/a",
                "file:///etc/passwd",
                "jar:file:///a.jar!/b",
                "gopher://bucket.example.com",
                "s3://bucket/a",
                "https:///a",
                "https://a..b/a",
                "https://[::1%25eth0]/a",
                "not an address"
            })
    void whereASignedAddressMustNotLeadIsRefused(String url) {
        NameService names = host -> List.of(
                host.equals("inside.example.com")
                        ? InetAddress.getByName("10.0.0.7")
                        : InetAddress.getByName(host.equals("bucket.example.com") ? "203.0.113.7" : host));
        try (Wire wire = Wire.to("https://mlflow.example.com", SECRET, time.clock(), names)) {
            assertThatThrownBy(() -> wire.presigned().get(url, Map.of(), 0, null))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("hands out");
        }
    }

    @Test
    void headersThatSayWhoWeAreAreNotTakenFromTheServer() {
        try (Wire wire = Servers.wire(server, SECRET.allowPrivateAddresses(), time)) {
            for (String name : List.of("Authorization", "Host", "Cookie", "bad name")) {
                assertThatThrownBy(() -> wire.presigned().get(signed(), Map.of(name, "x"), 0, null))
                        .isInstanceOf(RefusedException.class);
            }
            assertThatThrownBy(() -> wire.presigned().get(signed(), Map.of("x-a", "b\r\nc: d"), 0, null))
                    .isInstanceOf(RefusedException.class);
        }
        assertThat(bucket.getRequestCount()).isZero();
    }

    /** A name may be found anew between the check and the call. */
    @Test
    void aNameThatTurnsPrivateIsNotCalled() {
        int[] lookups = {0};
        NameService turning = host -> List.of(InetAddress.getByName(lookups[0]++ == 0 ? "203.0.113.7" : "127.0.0.1"));
        try (Wire wire = Wire.to("https://mlflow.example.com", SECRET.allowPlainHttp(), time.clock(), turning)) {
            assertThatThrownBy(() -> wire.presigned()
                            .get("http://bucket.example.com:" + bucket.getPort() + "/a", Map.of(), 0, null)
                            .orThrow())
                    .hasMessageContaining("private address");
        }
        assertThat(bucket.getRequestCount()).isZero();
    }

    @Test
    void oneHostMayBeAllowed() throws IOException {
        bucket.enqueue(new MockResponse.Builder().body("a").build());
        HttpSettings settings = SECRET.allowPlainHttp().allowHost("127.0.0.1:" + bucket.getPort());
        try (Wire wire = Servers.wire(server, settings, time);
                Download download =
                        wire.presigned().get(signed(), Map.of(), 0, null).orThrow()) {
            assertThat(download.bytes().read()).isEqualTo('a');
        }
    }
}
