package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.RequestSigner;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signatures are right only if a signer sees the request exactly as it is sent: AWS's own test vectors tell. */
final class RequestSignerTest {
    private static final SigV4 SIGNER = new SigV4(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "us-east-1",
            "service",
            "20150830T123600Z",
            List.of());

    private final MockWebServer server = Servers.started();
    private final FakeTime time = new FakeTime();

    @AfterEach
    void close() {
        server.close();
    }

    private Wire wire(HttpSettings settings) {
        // As a proxy, the server gets requests to any host and port.
        HttpSettings all = settings.allowPlainHttp().proxy("127.0.0.1:" + server.getPort());
        return Wire.to("http://example.amazonaws.com", all, time.clock(), NameService.system());
    }

    private void signedAs(Call call, String signature) throws InterruptedException {
        server.enqueue(Servers.ok());
        try (Wire wire = wire(HttpSettings.standard().sign(SIGNER))) {
            assertThat(wire.call(call, AnswerReader.ignoring())).isTrue();
        }
        assertThat(server.takeRequest().getHeaders().get("Authorization"))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature=" + signature);
    }

    @Test
    void getVanilla() throws InterruptedException {
        signedAs(Call.get(""), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    @Test
    void getVanillaQueryOrderKeyCase() throws InterruptedException {
        signedAs(
                Call.get("").query("Param2", "value2").query("Param1", "value1"),
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    }

    @Test
    void getUtf8() throws InterruptedException {
        signedAs(Call.get("ሴ"), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
    }

    @Test
    void getUnreserved() throws InterruptedException {
        signedAs(
                Call.get("-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
    }

    @Test
    void postVanilla() throws InterruptedException {
        signedAs(Call.post(""), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    }

    @Test
    void theHashIsOfTheBytesThatAreSent() throws InterruptedException {
        server.enqueue(Servers.ok());
        SigV4 signer = new SigV4(
                "id", "secret", "r", "s", "20150830T123600Z", List.of("content-type", "x-amz-content-sha256"));
        try (Wire wire = wire(HttpSettings.standard().sign(signer))) {
            Call call = Call.post("write").body(JsonBody.of(Map.of("name", "ü")));
            assertThat(wire.call(call, AnswerReader.ignoring())).isTrue();
        }
        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("x-amz-content-sha256"))
                .isEqualTo(request.getBody().sha256().hex());
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
        assertThat(request.getHeaders().get("Authorization")).contains("content-type;host;x-amz-content-sha256");
    }

    @Test
    void bytesOfAnUploadAreNotReadTwice() throws InterruptedException {
        server.enqueue(Servers.ok());
        RequestSigner signer = (method, url, headers, hash) -> Map.of("x-hash", hash);
        try (Wire wire = wire(HttpSettings.standard().sign(signer))) {
            Upload upload = new Upload(
                    Call.put("artifacts").segments(List.of("a")), RelativePath.of("a"), Content.text("hello"), true);
            assertThat(wire.upload(upload).orThrow().entry().bytes()).isEqualTo(5);
        }
        assertThat(server.takeRequest().getHeaders().get("x-hash")).isEqualTo(RequestSigner.UNSIGNED_PAYLOAD);
    }

    @Test
    void whatNoHeaderMayHoldIsRefused() {
        RequestSigner signer = (method, url, headers, hash) -> Map.of("x-a", "secret\r\nx-b: 1");
        try (Wire wire = wire(HttpSettings.standard().sign(signer))) {
            assertThatThrownBy(() -> wire.call(Call.get("read"), AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("x-a")
                    .hasMessageNotContaining("secret");
        }
    }
}
