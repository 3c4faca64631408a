package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.Patience;
import io.mlops.backends.http.standin.LossyProxy;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.Request;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A program that records, uploads, registers and loads while the network fails now and then: it hears nothing of that, and
 * all is there once.
 */
final class NetworkTourTest {
    private static final int POINTS = 3000;
    private static final int BYTES = 3 << 20;
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

    private final AtomicInteger calls = new AtomicInteger();
    private StandIn server;

    @BeforeEach
    void start() throws IOException {
        server = StandIn.start(Release.V3_17);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** What becomes of each seventh call; nothing of it is done. */
    enum Fault {
        RESET,
        RESET_IN_THE_BODY,
        SILENT,
        TOO_MANY,
        TOO_MANY_WITH_NONSENSE,
        ERROR,
        BAD_GATEWAY,
        TEMPORARILY,
        GATEWAY_TIMEOUT,
        CUT_JSON,
        NO_BODY;

        Reply to(Request request) {
            try {
                return switch (this) {
                    case RESET -> Reply.reset();
                    case RESET_IN_THE_BODY -> {
                        int unused = request.body().read(new byte[1000]);
                        yield Reply.reset();
                    }
                    case SILENT -> {
                        boolean unused = new CountDownLatch(1).await(600, TimeUnit.MILLISECONDS);
                        yield Reply.reset();
                    }
                    case TOO_MANY -> Reply.json(429, "{}").with("Retry-After", "0");
                    case TOO_MANY_WITH_NONSENSE -> Reply.json(429, "{}").with("Retry-After", "soon");
                    case ERROR -> Reply.of(500, "text/plain", "Internal Server Error");
                    case BAD_GATEWAY -> Reply.of(502, "text/html", "<title>502 Bad Gateway</title>");
                    case TEMPORARILY -> Reply.json(503, "{\"error_code\": \"TEMPORARILY_UNAVAILABLE\"}");
                    case GATEWAY_TIMEOUT -> Reply.of(504, "text/html", "<title>504 Gateway Time-out</title>");
                    case CUT_JSON -> Reply.json(200, "{\"run\": {\"info\": {\"run_id\": \"0");
                    case NO_BODY -> Reply.json(200, "");
                };
            } catch (IOException | InterruptedException gone) {
                return Reply.reset();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void eachSeventhCallFails(Fault fault) throws IOException {
        boolean text = fault == Fault.NO_BODY || fault == Fault.CUT_JSON;
        server.intercept(request ->
                text && isFile(request) ? null : calls.incrementAndGet() % 7 == 0 ? fault.to(request) : null);
        program(server.address());
        assertThat(calls).hasValueGreaterThan(14);
    }

    /** Any bytes may be a file, and 3.17 says nothing to an upload. */
    private static boolean isFile(Request request) {
        return request.rawPath().contains("mlflow-artifacts");
    }

    @Test
    void eachFifthAnswerIsLost() throws IOException {
        try (LossyProxy proxy = LossyProxy.before(server, 5)) {
            program(proxy.address());
        }
    }

    @Test
    void anOutageIsSurvived() throws IOException {
        AtomicBoolean down = new AtomicBoolean();
        server.intercept(request -> down.get() ? Reply.reset() : null);
        try (HttpBackend backend = HttpBackend.at(server.address(), impatient());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            Run run = mlops.tracker().start(RunSpec.of("outage"));
            run.metric("loss", 0, 0);
            assertThat(run.flush(Duration.ofSeconds(20))).isTrue();
            down.set(true);
            for (int step = 1; step < POINTS; step++) {
                run.metric("loss", step, step);
            }
            assertThat(run.flush(Duration.ofSeconds(1))).isFalse();
            down.set(false);
            run.complete();
            assertThat(mlops.delivery().dropped()).isEmpty();
            checkPoints(mlops, run.id());
        }
    }

    /** Does what programs do, and looks at it by way of the server itself. */
    private void program(String address) throws IOException {
        RunId id;
        try (HttpBackend backend = HttpBackend.at(address, impatient());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG.closeWithin(Duration.ofMinutes(1)))) {
            Run run = mlops.tracker().start(RunSpec.of("faults").name("one"));
            id = run.id();
            run.params(new TreeMap<>(Map.of("rate", 0.1)));
            for (int step = 0; step < POINTS; step++) {
                run.metric("loss", step, step);
            }
            run.artifacts().put("weights.bin", Content.of(weights()));
            run.complete();
            ModelVersion version = mlops.registry()
                    .register(ModelSpec.of("churn", "weights.bin", Content.of(weights()))
                            .run(id));
            assertThat(version.number()).isEqualTo(1);
            try (ModelHandle<byte[]> loaded =
                    mlops.serving().load("churn/1", files -> Files.readAllBytes(files.path("weights.bin")))) {
                assertThat(loaded.<byte[], RuntimeException>call(bytes -> bytes))
                        .isEqualTo(weights());
            }
            assertThat(mlops.delivery().dropped()).isEmpty();
        }
        server.intercept(request -> null);
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            RunInfo run = mlops.tracker().get(id);
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(run.params()).isEqualTo(Map.of("rate", "0.1"));
            checkPoints(mlops, id);
            try (InputStream in = mlops.tracker().artifacts(id).open("weights.bin")) {
                assertThat(in.readAllBytes()).isEqualTo(weights());
            }
            assertThat(mlops.registry().versions("churn").stream()).hasSize(1);
        }
    }

    private static void checkPoints(Mlops mlops, RunId id) {
        assertThat(mlops.tracker().history(id, "loss").stream()
                        .map(MetricPoint::step)
                        .sorted())
                .isEqualTo(LongStream.range(0, POINTS).boxed().toList());
    }

    private static HttpSettings impatient() {
        return HttpSettings.standard()
                .patience(new Patience(
                        Duration.ofSeconds(2), Duration.ofMillis(300), Duration.ofSeconds(20), 10_000_000));
    }

    private static byte[] weights() {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }

    @Test
    void nobodyAtTheAddressCostsARunNoMoreThanItsTime() throws IOException {
        List<String> nobody =
                List.of("http://127.0.0.1:" + DebianProgram.freePort(), "http://mlflow.invalid", "http://127.0.0.1:1");
        for (String address : nobody) {
            MlopsConfig config = Straight.CONFIG.closeWithin(Duration.ofMillis(300));
            try (HttpBackend backend = HttpBackend.at(address, impatient().allowPlainHttp())) {
                Mlops mlops = Mlops.using(backend, config);
                Run run = mlops.tracker().start(RunSpec.of("nobody"));
                run.metric("loss", 1, 0);
                run.complete();
                mlops.close();
                assertThat(mlops.delivery().lost()).isEqualTo(mlops.delivery().accepted());
            }
            Patience shortest =
                    new Patience(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300), 10_000_000);
            try (HttpBackend backend =
                            HttpBackend.at(address, impatient().allowPlainHttp().patience(shortest));
                    Mlops mlops = Mlops.using(backend, Straight.CONFIG.failures(FailurePolicy.FAIL))) {
                assertThatThrownBy(() -> mlops.tracker().run("nobody", run -> run.metric("loss", 1, 0)))
                        .isInstanceOf(BackendUnavailableException.class)
                        .hasMessageContaining(address.substring("http://".length()));
            }
        }
    }

    @Test
    void timesAreThoseOfTheProgramWhateverTheServerThinks() throws IOException {
        Function<Request, Reply> early = request -> calls.incrementAndGet() % 3 == 0
                ? Reply.json(503, "{\"error_code\": \"TEMPORARILY_UNAVAILABLE\"}")
                        .with("Date", "Wed, 25 Nov 2026 12:00:00 GMT")
                        .with("Retry-After", "Wed, 25 Nov 2026 11:59:00 GMT")
                : null;
        server.intercept(early);
        try (HttpBackend backend = HttpBackend.at(server.address(), impatient());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG.clock(() -> NOON))) {
            RunId id = mlops.tracker().run("clocks", run -> run.metric("loss", 1, 0));
            RunInfo run = mlops.tracker().get(id);
            assertThat(List.of(run.started(), run.ended())).containsOnly(NOON);
            assertThat(mlops.tracker().history(id, "loss").stream().map(MetricPoint::time))
                    .containsExactly(NOON);
        }
    }
}
