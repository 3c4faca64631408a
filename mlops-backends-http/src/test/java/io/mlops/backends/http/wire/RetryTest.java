package io.mlops.backends.http.wire;

import static io.mlops.backends.http.wire.Servers.json;
import static io.mlops.backends.http.wire.Servers.ok;
import static io.mlops.backends.http.wire.Servers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.config.HttpSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryTest {
    private static final Call WRITE = Call.post("write").body(JsonBody.of(Map.of("key", "value")));
    private static final MockResponse SILENT = new MockResponse.Builder()
            .onResponseStart(new SocketEffect.CloseSocket())
            .build();

    private final FakeTime time = new FakeTime();
    private final MockWebServer server = Servers.started();
    private final Wire wire = Servers.wire(server, HttpSettings.standard(), time);

    @AfterEach
    void close() {
        wire.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void whatPassesIsTriedAgainIfItIsSafe(int status) {
        server.enqueue(status(status));
        server.enqueue(ok());
        assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 504})
    void whatMayHaveBeenDoneAndMustNotBeDoneTwiceIsUnknown(int status) {
        server.enqueue(status(status));
        Answer<Boolean> answer = wire.ask(WRITE.once(), AnswerReader.ignoring());
        assertThat(answer).isInstanceOf(Answer.Unknown.class);
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThatThrownBy(answer::orThrow)
                .asInstanceOf(type(BackendUnavailableException.class))
                .returns(true, BackendUnavailableException::maybeDone);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whatTheServerDidNotBeginIsTriedAgainInAnyCase(int status) {
        server.enqueue(status(status));
        server.enqueue(ok());
        assertThat(wire.call(WRITE.once(), AnswerReader.ignoring())).isTrue();
    }

    @Test
    void anAnswerThatIsLostIsUnknownOrAskedForAgain() {
        server.enqueue(SILENT);
        assertThat(wire.ask(WRITE.once(), AnswerReader.ignoring())).isInstanceOf(Answer.Unknown.class);
        server.enqueue(SILENT);
        server.enqueue(ok());
        assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(3);
    }

    /** The connection is there and gone: OkHttp by itself would send the request twice. */
    @Test
    void aPooledConnectionThatIsGoneCausesNoSecondRequest() {
        server.enqueue(ok());
        server.enqueue(SILENT);
        server.enqueue(ok());
        assertThat(wire.call(WRITE.once(), AnswerReader.ignoring())).isTrue();
        assertThat(wire.ask(WRITE.once(), AnswerReader.ignoring())).isInstanceOf(Answer.Unknown.class);
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void whatCannotHaveBeenSentIsTriedAgainUntilTheTimeIsOver() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String address = "http://secret-user:secret-word@127.0.0.1:" + port;
        try (Wire nobody = Wire.to(address, HttpSettings.standard(), time.clock(), NameService.system())) {
            assertThatThrownBy(() -> nobody.call(WRITE.once(), AnswerReader.ignoring()))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("tries in")
                    .hasMessageNotContaining("secret")
                    .asInstanceOf(type(BackendUnavailableException.class))
                    .returns(false, BackendUnavailableException::maybeDone);
        }
        assertThat(time.waits()).hasSizeGreaterThan(6).allMatch(wait -> wait.compareTo(Duration.ofSeconds(20)) <= 0);
        assertThat(time.waits().subList(0, 4))
                .containsExactly(
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void aServerThatSaysThatItFailedIsAskedOnceMore() {
        server.enqueue(json(500, "{\"error_code\": \"INTERNAL_ERROR\", \"message\": \"value too long\"}"));
        server.enqueue(json(500, "{\"error_code\": \"INTERNAL_ERROR\", \"message\": \"value too long\"}"));
        Answer<Boolean> answer = wire.ask(WRITE, AnswerReader.ignoring());
        assertThat(answer.is("INTERNAL_ERROR")).isTrue();
        assertThat(answer.hasStatus(500)).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(2);
        assertThatThrownBy(answer::orThrow)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("value too long");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 409, 413, 422, 501})
    void whatStaysIsAskedOnce(int status) {
        wire.version("3.17.2");
        server.enqueue(json(status, "{\"error_code\": \"NO\", \"message\": \"no\"}"));
        assertThat(wire.ask(WRITE, AnswerReader.ignoring()).hasStatus(status)).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aServiceThatIsOffIsNotWaitedFor() {
        server.enqueue(json(503, "{\"detail\": \"Artifact serving is disabled. Use --serve-artifacts.\"}"));
        assertThatThrownBy(() -> wire.call(Call.get("artifacts"), AnswerReader.ignoring()))
                .isInstanceOf(UnsupportedByBackendException.class)
                .hasMessageContaining("--serve-artifacts");
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(time.waits()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        7                             | 7000
        0                             | 0
        999999999999999999999         | 60000
        Sun, 29 Nov 2026 10:00:09 GMT | 9000
        Sat, 29 Nov 2036 10:00:00 GMT | 60000
        Sun, 29 Nov 2026 09:00:00 GMT | 0
        soon                          | 500
        """)
    void retryAfterIsObeyedWithinReason(String header, long millis) {
        server.enqueue(new MockResponse.Builder()
                .code(503)
                .addHeader("Retry-After", header)
                .build());
        server.enqueue(ok());
        // Without a body, OkHttp would come back by itself.
        assertThat(wire.call(Call.get("read"), AnswerReader.ignoring())).isTrue();
        assertThat(time.waits()).containsExactly(Duration.ofMillis(millis));
    }

    @Test
    void aDateIsComparedWithTheClockOfTheServer() {
        server.enqueue(new MockResponse.Builder()
                .code(503)
                .addHeader("Date", "Fri, 27 Nov 2026 08:00:00 GMT")
                .addHeader("Retry-After", "Fri, 27 Nov 2026 08:00:05 GMT")
                .build());
        server.enqueue(ok());
        assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
        assertThat(time.waits()).containsExactly(Duration.ofSeconds(5));
    }

    @Test
    void tooManyCallsHalveThePaceOfAll() {
        for (int i = 0; i < 10; i++) {
            server.enqueue(ok());
            assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
            time.pass(Duration.ofMillis(100));
        }
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", "0")
                .build());
        server.enqueue(ok());
        server.enqueue(ok());
        assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
        assertThat(wire.call(WRITE, AnswerReader.ignoring())).isTrue();
        Duration last = time.waits().get(time.waits().size() - 1);
        assertThat(last).isBetween(Duration.ofMillis(150), Duration.ofMillis(250));
    }

    @Test
    void aStormOfFailuresIsMetByFewCalls() {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return status(503);
            }
        });
        for (int i = 0; i < 300; i++) {
            assertThatThrownBy(() -> wire.call(WRITE, AnswerReader.ignoring()))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("503");
        }
        assertThat(server.getRequestCount()).isBetween(301, 360);
    }

    @Test
    void anUploadWhoseAnswerIsLostIsUnknown() {
        server.enqueue(SILENT);
        Upload upload = new Upload(
                Call.put("artifacts").segments(List.of("a b", "ü")),
                RelativePath.of("a.txt"),
                Content.text("hello"),
                true);
        assertThat(wire.upload(upload)).isInstanceOf(Answer.Unknown.class);
        server.enqueue(status(502));
        assertThat(wire.upload(upload)).isInstanceOf(Answer.Unknown.class);
        server.enqueue(status(503));
        server.enqueue(status(200));
        assertThat(wire.upload(upload).orThrow().entry().bytes()).isEqualTo(5);
        assertThat(server.getRequestCount()).isEqualTo(4);
    }
}
