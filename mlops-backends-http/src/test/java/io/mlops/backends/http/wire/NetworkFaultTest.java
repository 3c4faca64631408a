package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class NetworkFaultTest {
    private static final Call READ = Call.get("read");
    private static final Call WRITE = Call.post("write").body(JsonBody.of(Map.of("key", "value")));
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(50);

    private static HttpSettings patience(Duration silence, Duration call) {
        return HttpSettings.standard().patience(new Patience(SHORT, silence, call, 1 << 20));
    }

    @Test
    void aServerThatIsSilentIsWaitedForOnlySoLong() {
        try (RawServer server = new RawServer((socket, number) -> {
                    RawServer.head(socket);
                    socket.getInputStream().read(new byte[1]);
                    socket.getInputStream().read(new byte[100]);
                    RawServer.head(socket);
                });
                Wire wire = Wire.to(server.address(), patience(SHORT, Duration.ofSeconds(1)))) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining(server.address());
            assertThat(wire.ask(WRITE.once(), AnswerReader.ignoring())).isInstanceOf(Answer.Unknown.class);
        }
    }

    @Test
    void anAnswerThatDripsEndsWithTheTimeOfTheCall() {
        try (RawServer server = new RawServer((socket, number) -> {
                    RawServer.head(socket);
                    RawServer.say(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n");
                    while (true) {
                        RawServer.say(socket, "1\r\n \r\n");
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                });
                Wire wire = Wire.to(server.address(), patience(LONG, SHORT))) {
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("its time is over");
        }
    }

    @Test
    void aResetInTheMiddleOfAnAnswerIsAskedForAgain() {
        try (RawServer server = new RawServer((socket, number) -> {
                    RawServer.head(socket);
                    if (number == 1) {
                        RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
                        RawServer.reset(socket);
                    }
                    RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                    RawServer.head(socket);
                });
                Wire wire = Wire.to(server.address(), patience(LONG, LONG))) {
            assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void anInterruptEndsACall() throws InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        try (RawServer server = RawServer.hanging((socket, number) -> {
                    RawServer.head(socket);
                    there.countDown();
                    RawServer.head(socket);
                });
                Wire wire = Wire.to(server.address(), patience(LONG, LONG))) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    wire.call(READ, AnswerReader.ignoring());
                } catch (MlopsException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            caller.start();
            there.await();
            caller.interrupt();
            caller.join(10_000);
            assertThat(thrown.get())
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("interrupted");
            assertThat(flag.get()).isTrue();
        }
    }

    @Test
    void closingEndsWhatIsUnderWay() {
        CountDownLatch there = new CountDownLatch(1);
        try (RawServer server = RawServer.hanging((socket, number) -> {
            RawServer.head(socket);
            there.countDown();
        })) {
            Wire wire = Wire.to(server.address(), patience(LONG, LONG));
            CompletableFuture<Boolean> call =
                    CompletableFuture.supplyAsync(() -> wire.call(READ, AnswerReader.ignoring()));
            assertThatThrownBy(() -> {
                        there.await();
                        wire.close();
                        wire.close();
                        call.join();
                    })
                    .hasRootCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> wire.call(READ, AnswerReader.ignoring()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    /** Python's server answers under one name at two addresses, and one of the machines is down. */
    @Test
    void anotherAddressOfTheHostIsTriedWithoutWaitingForNamesToChange() throws IOException {
        FakeTime time = new FakeTime();
        try (MockWebServer server = new MockWebServer()) {
            server.start(InetAddress.getLoopbackAddress(), 0);
            server.enqueue(Servers.ok());
            NameService two = host -> List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getLoopbackAddress());
            try (Wire wire = Wire.to(
                    "http://mlflow.localhost:" + server.getPort(), HttpSettings.standard(), time.clock(), two)) {
                assertThat(wire.call(WRITE.once(), AnswerReader.ignoring())).isTrue();
            }
        }
    }

    @Test
    void aNameThatIsFoundLaterIsTriedAgain() {
        FakeTime time = new FakeTime();
        AtomicInteger lookups = new AtomicInteger();
        try (MockWebServer server = Servers.started()) {
            server.enqueue(Servers.ok());
            NameService late = host -> {
                if (lookups.incrementAndGet() < 3) {
                    throw new UnknownHostException(host);
                }
                return List.of(InetAddress.getLoopbackAddress());
            };
            try (Wire wire = Wire.to(
                    "http://mlflow.localhost:" + server.getPort(), HttpSettings.standard(), time.clock(), late)) {
                assertThat(wire.call(WRITE.once(), AnswerReader.ignoring())).isTrue();
            }
        }
        try (Wire wire = Wire.to("http://mlflow.localhost", HttpSettings.standard(), time.clock(), host -> {
            throw new UnknownHostException(host);
        })) {
            assertThatThrownBy(() -> wire.call(WRITE, AnswerReader.ignoring()))
                    .asInstanceOf(type(BackendUnavailableException.class))
                    .returns(false, BackendUnavailableException::maybeDone);
        }
    }

    @Test
    void atMostFourCallsAreUnderWay() throws InterruptedException {
        CountDownLatch four = new CountDownLatch(4);
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = new RawServer((socket, number) -> {
                    while (true) {
                        RawServer.head(socket);
                        four.countDown();
                        go.await();
                        RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                    }
                });
                Wire wire = Wire.to(server.address(), patience(LONG, LONG))) {
            List<CompletableFuture<Boolean>> calls = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> wire.call(READ, AnswerReader.ignoring()), body -> new Thread(body).start()))
                    .limit(12)
                    .toList();
            four.await();
            go.countDown();
            assertThat(calls).allSatisfy(call -> assertThat(call.join()).isTrue());
            assertThat(server.connections()).isLessThanOrEqualTo(4);
        }
    }
}
