package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HttpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CredentialsTest {
    private static final Call READ = Call.get("read");

    private final FakeTime time = new FakeTime();
    private final MockWebServer server = Servers.started();
    /** What the server takes. */
    private final AtomicReference<String> accepted = new AtomicReference<>("Bearer one");

    @BeforeEach
    void serve() {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String sent = request.getHeaders().get("Authorization");
                return accepted.get().equals(sent)
                        ? Servers.ok()
                        : Servers.page(401, "text/plain", "You are not authenticated with " + sent);
            }
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Wire wire(HttpSettings settings) {
        return Servers.wire(server, settings, time);
    }

    @Test
    void aTokenIsSentAndItsRefusalNamesTheWayOutWithoutIt() {
        try (Wire wire = wire(HttpSettings.standard().token("one"))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
            accepted.set("Bearer two");
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("HttpSettings.token")
                    .hasMessageContaining("not authenticated with ***");
        }
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void userAndPasswordOfTheAddressAreSent() {
        accepted.set("Basic YWxpY2U6cEBzczp3w7ZyZA==");
        try (Wire wire =
                Wire.to("http://alice:p%40ss:w%C3%B6rd@127.0.0.1:" + server.getPort() + "/", HttpSettings.standard())) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
            assertThat(wire.name()).isEqualTo(Servers.addressOf(server));
            accepted.set("");
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("user alice")
                    .hasMessageNotContaining("YWxpY2U6");
        }
        try (Wire wire = wire(HttpSettings.standard().basic("alice", "p@ss:wörd"))) {
            accepted.set("Basic YWxpY2U6cEBzczp3w7ZyZA==");
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
        }
    }

    @Test
    void oneThreadFetchesANewTokenForAll() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(1);
        try (Wire wire = wire(HttpSettings.standard().token(() -> asked.incrementAndGet() == 1 ? "one" : "two"))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
            accepted.set("Bearer two");
            List<CompletableFuture<Boolean>> calls = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    all.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                                return wire.call(READ, AnswerReader.ignoring());
                            },
                            body -> new Thread(body).start()))
                    .limit(50)
                    .toList();
            all.countDown();
            assertThat(calls).allSatisfy(call -> assertThat(call.join()).isTrue());
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void aSupplierThatHasNothingBetterIsAskedOncePerCall() {
        AtomicInteger asked = new AtomicInteger();
        accepted.set("Bearer other");
        try (Wire wire = wire(HttpSettings.standard().token(() -> {
            asked.incrementAndGet();
            return "old-and-secret";
        }))) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("401")
                    .hasMessageNotContaining("old-and-secret");
            assertThat(asked).hasValue(2);
            assertThat(server.getRequestCount()).isEqualTo(1);
        }
        try (Wire wire = wire(HttpSettings.standard().token(() -> {
            throw new IllegalStateException("the vault is sealed");
        }))) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("the supplier of tokens")
                    .hasRootCauseMessage("the vault is sealed");
        }
        try (Wire wire = wire(HttpSettings.standard().token(() -> "two\nlines-and-secret"))) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageNotContaining("lines-and-secret");
        }
    }

    @Test
    void aSupplierIsAskedAgainAfterAMinuteAndItsFailureThenDoesNoHarm() {
        AtomicInteger asked = new AtomicInteger();
        try (Wire wire = wire(HttpSettings.standard().token(() -> {
            if (asked.incrementAndGet() == 2) {
                throw new IllegalStateException("the vault is sealed");
            }
            return "one";
        }))) {
            for (int minute = 0; minute < 3; minute++) {
                assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
                assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
                time.pass(Duration.ofSeconds(61));
            }
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void aTokenFileIsReadAgainWhenItChanges(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        Files.writeString(file, "one\n");
        try (Wire wire = wire(HttpSettings.standard().tokenFile(file))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
            accepted.set("Bearer second");
            Files.writeString(file, "second\n");
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
            assertThat(server.getRequestCount()).isEqualTo(2);
            Files.delete(file);
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void aTokenThatExpiresInAnUploadIsRefreshedThere() {
        AtomicInteger asked = new AtomicInteger();
        accepted.set("Bearer 2");
        try (Wire wire = wire(HttpSettings.standard().token(() -> "" + asked.incrementAndGet()))) {
            Upload upload = new Upload(Call.put("artifacts"), RelativePath.of("a"), Content.text("hello"), true);
            assertThat(wire.upload(upload).orThrow().entry().bytes()).isEqualTo(5);
        }
    }

    @Test
    void headersAreSentToTheServer() throws InterruptedException {
        accepted.set("Bearer one");
        try (Wire wire = wire(HttpSettings.standard()
                .token("one")
                .header("CF-Access-Client-Id", "client")
                .workspace("team-a"))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
            RecordedRequest request = server.takeRequest();
            assertThat(request.getHeaders().get("CF-Access-Client-Id")).isEqualTo("client");
            assertThat(request.getHeaders().get("X-MLFLOW-WORKSPACE")).isEqualTo("team-a");
            assertThat(request.getHeaders().get("Accept-Encoding")).isEqualTo("identity");
            assertThat(request.getHeaders().get("Origin")).isNull();
        }
    }
}
