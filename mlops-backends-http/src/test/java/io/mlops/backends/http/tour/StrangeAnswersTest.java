package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs meet where something else answers than the server, or the server says what it never said. */
final class StrangeAnswersTest {
    private static final int BYTES = 1 << 21;

    private StandIn server;

    @TempDir
    private Path work;

    @BeforeEach
    void start() throws IOException {
        server = StandIn.start(Release.V3_17);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** A program that goes on without its server, and another that is told. */
    private static void refused(String address, HttpSettings settings, String... words) {
        MlopsConfig config = Straight.CONFIG.closeWithin(Duration.ofMillis(300));
        try (HttpBackend backend = HttpBackend.at(address, settings)) {
            Mlops mlops = Mlops.using(backend, config);
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.metric("loss", 1, 0);
            run.complete();
            mlops.close();
            assertThat(mlops.delivery().lost())
                    .isPositive()
                    .isEqualTo(mlops.delivery().accepted());
        }
        try (HttpBackend backend = HttpBackend.at(address, settings);
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            assertThatThrownBy(
                            () -> mlops.tracker().search(RunQuery.of("churn")).findFirst())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(words);
        }
    }

    @Test
    void aPageOfALoginIsNoServer() {
        server.intercept(request -> Reply.of(200, "text/html", "<html><title>Please log in</title></html>")
                .with("Server", "keycloak"));
        refused(server.address(), HttpSettings.standard(), "Please log in");
    }

    @Test
    void aRedirectIsNotFollowed() throws IOException {
        try (StandIn other = StandIn.start(Release.V3_17)) {
            server.intercept(
                    request -> Reply.of(302, "text/html", "").with("Location", other.address() + request.target()));
            refused(server.address(), HttpSettings.standard().token("t0ken"), "sends on to " + other.address());
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"runs\": {\"a\": 1}, \"experiment\": {\"a\": [[[1]]]}}",
                "[1, 2]",
                "{\"experiment\": {\"experiment_id\": NaN}}",
                "\"yes\"",
                "{\"experiment\": 7}"
            })
    void jsonOfAnotherKindIsDamage(String json) {
        server.intercept(request -> Reply.json(200, json));
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            assertThatThrownBy(() -> mlops.tracker().experiments().get("churn"))
                    .isInstanceOfAny(CorruptDataException.class, BackendUnavailableException.class)
                    .hasMessageContaining(server.address());
        }
    }

    @Test
    void aBombIsRefused() {
        server.intercept(request -> Reply.json(200, "{\"a\":" + "[".repeat(1_000_000)));
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            assertThatThrownBy(() -> mlops.tracker().experiments().list().findFirst())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(server.address());
        }
    }

    @Test
    void aCertificateOfNobodyIsRefused() throws IOException {
        HeldCertificate held = new HeldCertificate.Builder()
                .addSubjectAlternativeName("127.0.0.1")
                .commonName("Nobody's CA")
                .build();
        try (MockWebServer nobody = new MockWebServer()) {
            nobody.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(held)
                    .build()
                    .sslSocketFactory());
            nobody.start();
            refused("https://127.0.0.1:" + nobody.getPort(), HttpSettings.standard(), "Nobody's CA");
        }
    }

    @Test
    void aTokenThatExpiresIsFetchedAgain() {
        AtomicInteger fetched = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        // Each token is good for three calls.
        server.intercept(request -> {
            int valid = 1 + calls.get() / 3;
            if (!("Bearer t" + valid).equals(request.header("authorization"))) {
                return Reply.of(401, "text/plain", "expired");
            }
            calls.incrementAndGet();
            return null;
        });
        HttpSettings settings = HttpSettings.standard().token(() -> "t" + fetched.incrementAndGet());
        try (HttpBackend backend = HttpBackend.at(server.address(), settings);
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            RunId id = mlops.tracker().run("tokens", run -> {
                for (int step = 0; step < 5000; step++) {
                    run.metric("loss", step, step);
                }
                run.artifacts().putText("a.txt", "a");
            });
            assertThat(mlops.delivery().dropped()).isEmpty();
            assertThat(mlops.tracker().history(id, "loss").stream()).hasSize(5000);
        }
        assertThat(fetched).hasValueGreaterThan(3);
    }

    @Test
    void aNewerServerMaySayMore() throws IOException {
        try (ChangingProxy newer = ChangingProxy.before(
                        server,
                        (request, reply) -> reply.changed(text -> text.replace("\"FINISHED\"", "\"PAUSED\"")
                                .replace("\"run_name\"", "\"news\": {\"a\": [1, null]}, \"run_name\"")));
                HttpBackend backend = HttpBackend.at(newer.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            RunId id = mlops.tracker().run("newer", run -> run.metric("loss", 1, 0));
            RunInfo run = mlops.tracker().get(id);
            assertThat(run.status()).isEqualTo(RunStatus.UNKNOWN);
            assertThat(run.metric("loss")).isEqualTo(1);
            assertThat(mlops.tracker().search(RunQuery.of("newer")).findFirst()).contains(run);
        }
    }

    @Test
    void aFileThatChangedOnItsWayIsNotPublished() throws IOException {
        String weights = "w".repeat(BYTES);
        try (ChangingProxy proxy = ChangingProxy.before(
                        server, (request, reply) -> reply.changed(text -> text.replace("wwwww", "wwwwv")));
                HttpBackend backend = HttpBackend.at(proxy.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            RunId id = mlops.tracker().run("flipped", run -> run.artifacts().putText("weights.bin", weights));
            assertThatThrownBy(() -> mlops.tracker().artifacts(id).download("weights.bin", work.resolve("copy")))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("weights.bin");
            assertThat(work.resolve("copy/weights.bin")).doesNotExist();
            ModelVersion version = mlops.registry()
                    .register(ModelSpec.of("churn", "weights.bin", Content.text(weights))
                            .run(id));
            assertThatThrownBy(() ->
                            mlops.serving().load(version.id(), files -> Files.readAllBytes(files.path("weights.bin"))))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("weights.bin");
        }
    }

    @Test
    void anUploadThatIsCutLeavesNoVersionWithoutAFile() throws IOException {
        AtomicInteger uploads = new AtomicInteger();
        server.intercept(request -> {
            if (!request.method().equals("PUT") || uploads.incrementAndGet() > 2) {
                return null;
            }
            try {
                int unused = request.body().readNBytes(BYTES * uploads.get() / 4).length;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
            return Reply.reset();
        });
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            ModelVersion version =
                    mlops.registry().register(ModelSpec.of("churn", "weights.bin", Content.text("w".repeat(BYTES))));
            assertThat(uploads).hasValueGreaterThan(2);
            assertThat(mlops.registry()
                            .files(version.id())
                            .find("weights.bin")
                            .orElseThrow()
                            .bytes())
                    .isEqualTo(BYTES);
        }
    }
}
