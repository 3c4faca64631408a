package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.Patience;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TransferFaultTest {
    private static final Call READ = Call.get("read");
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(50);

    private static HttpSettings patience(Duration silence, Duration call) {
        return HttpSettings.standard().patience(new Patience(SHORT, silence, call, 1 << 20));
    }

    private static Upload upload(Content content) {
        return new Upload(Call.put("artifacts").segments(List.of("a")), RelativePath.of("a"), content, true);
    }

    @Test
    void aServerThatDoesNotReadEndsAnUpload() {
        Content much = endless(1L << 40);
        try (RawServer server = RawServer.hanging((socket, number) -> {
                    RawServer.head(socket);
                    RawServer.say(socket, "HTTP/1.1 100 Continue\r\n\r\n");
                });
                Wire wire = Wire.to(server.address(), patience(SHORT, SHORT))) {
            assertThat(wire.upload(upload(much))).isInstanceOf(Answer.Unknown.class);
        }
    }

    @Test
    void aResetDuringAnUploadIsUnknown() {
        try (RawServer server = new RawServer((socket, number) -> {
                    RawServer.head(socket);
                    RawServer.say(socket, "HTTP/1.1 100 Continue\r\n\r\n");
                    socket.getInputStream().read(new byte[1000]);
                    RawServer.reset(socket);
                });
                Wire wire = Wire.to(server.address(), patience(LONG, LONG))) {
            assertThat(wire.upload(upload(endless(1L << 40)))).isInstanceOf(Answer.Unknown.class);
        }
    }

    /** A server may say no before it has read a gigabyte. */
    @Test
    void aRefusalBeforeTheBytesCostsNone() {
        AtomicInteger read = new AtomicInteger();
        Content much = counted(read);
        try (RawServer server = new RawServer((socket, number) -> {
                    assertThat(RawServer.head(socket))
                            .contains("Expect: 100-continue")
                            .contains("chunked");
                    RawServer.say(socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
                    socket.getInputStream().read();
                });
                Wire wire = Wire.to(server.address(), patience(LONG, LONG))) {
            assertThat(wire.upload(upload(much)).hasStatus(413)).isTrue();
            assertThat(read).hasValue(0);
        }
    }

    /** Some proxies never answer the question whether the bytes may come. */
    @Test
    void aQuestionThatNobodyAnswersIsAskedOnce() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (RawServer server = new RawServer((socket, number) -> {
                    if (RawServer.head(socket).contains("Expect")) {
                        asked.incrementAndGet();
                        RawServer.head(socket);
                    }
                    InputStream in = new BufferedInputStream(socket.getInputStream());
                    byte[] end = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                    byte[] last = new byte[end.length];
                    while (!Arrays.equals(last, end)) {
                        System.arraycopy(last, 1, last, 0, last.length - 1);
                        last[last.length - 1] = (byte) in.read();
                    }
                    RawServer.say(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                });
                Wire wire = Wire.to(server.address(), patience(SHORT, LONG))) {
            Upload two = upload(Content.of(new byte[(1 << 20) + 1]));
            assertThat(wire.upload(two).orThrow().entry().bytes()).isEqualTo((1 << 20) + 1);
            assertThat(wire.upload(two).orThrow().entry().bytes()).isEqualTo((1 << 20) + 1);
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void anInterruptEndsADownload() throws InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        try (RawServer server = RawServer.hanging((socket, number) -> {
                    RawServer.head(socket);
                    RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
                });
                Wire wire = Wire.to(server.address(), patience(LONG, LONG))) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try (Download download = wire.download(READ, 0, null).orThrow()) {
                    assertThat(download.bytes().readNBytes(3)).hasSize(3);
                    there.countDown();
                    thrown.complete(
                            new IllegalStateException("read " + download.bytes().read()));
                } catch (IOException | RuntimeException | AssertionError e) {
                    thrown.complete(e);
                }
            });
            reader.start();
            there.await();
            reader.interrupt();
            assertThat(thrown.join()).isInstanceOf(IOException.class).hasMessageContaining("interrupted");
        }
    }

    @Test
    void aDownloadThatNobodyClosesEndsWithItsTime() {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        try (RawServer server = new RawServer((socket, number) -> {
                    RawServer.head(socket);
                    RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
                    ended.complete(socket.getInputStream().read());
                });
                Wire wire = Wire.to(server.address(), patience(LONG, SHORT))) {
            assertThat(wire.download(READ, 0, null)).isInstanceOf(Answer.Value.class);
            assertThat(ended.join()).isEqualTo(-1);
        }
    }

    @Test
    void aDownloadThatIsCutFails() {
        try (RawServer server = new RawServer((socket, number) -> {
                    RawServer.head(socket);
                    RawServer.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
                });
                Wire wire = Wire.to(server.address(), patience(LONG, LONG));
                Download download = wire.download(READ, 0, null).orThrow()) {
            assertThat(download.length()).isEqualTo(100);
            assertThatThrownBy(() -> download.bytes().readAllBytes()).isInstanceOf(IOException.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As a version's files are copied from a run of the same server. */
    @Test
    void uploadsOfWhatIsDownloadedDoNotWaitForEachOther() {
        CountDownLatch all = new CountDownLatch(4);
        try (MockWebServer server = Servers.started();
                Wire wire = Servers.wire(server, patience(LONG, LONG))) {
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    return new MockResponse.Builder().body("hello").build();
                }
            });
            Content ofServer = new Content() {
                @Override
                public long bytes() {
                    return 5;
                }

                @Override
                public InputStream open() throws IOException {
                    all.countDown();
                    try {
                        all.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return wire.download(READ, 0, null).orThrow().bytes();
                }
            };
            List<CompletableFuture<Long>> uploads = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> wire.upload(upload(ofServer))
                                    .orThrow()
                                    .entry()
                                    .bytes(),
                            body -> new Thread(body).start()))
                    .limit(4)
                    .toList();
            assertThat(uploads).allSatisfy(upload -> assertThat(upload.join()).isEqualTo(5));
        }
    }

    private static Content endless(long bytes) {
        return new Content() {
            @Override
            public long bytes() {
                return bytes;
            }

            @Override
            public InputStream open() {
                return new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }

                    @Override
                    public int read(byte[] target, int from, int count) {
                        return count;
                    }
                };
            }
        };
    }

    private static Content counted(AtomicInteger read) {
        Content content = endless(1L << 40);
        return new Content() {
            @Override
            public long bytes() {
                return content.bytes();
            }

            @Override
            public InputStream open() throws IOException {
                read.incrementAndGet();
                return content.open();
            }
        };
    }
}
