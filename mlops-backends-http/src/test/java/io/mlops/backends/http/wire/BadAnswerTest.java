package io.mlops.backends.http.wire;

import static io.mlops.backends.http.wire.Servers.json;
import static io.mlops.backends.http.wire.Servers.ok;
import static io.mlops.backends.http.wire.Servers.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.config.HttpSettings;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BadAnswerTest {
    private static final Call READ = Call.get(Call.mlflow("runs/get"));
    private static final AnswerReader<String> NAME = in -> {
        StringBuilder name = new StringBuilder();
        Fields.each(in, (field, value) -> {
            if (field.equals("name")) {
                name.append(Fields.text(value));
            }
        });
        return name.toString();
    };

    private final FakeTime time = new FakeTime();
    private final MockWebServer server = Servers.started();
    private final Wire wire = Servers.wire(server, HttpSettings.standard(), time);

    @AfterEach
    void close() {
        wire.close();
        server.close();
    }

    /** Answers by path; 404 with a page for all others. */
    private void serve(Map<String, MockResponse> answers) {
        Map<String, MockResponse> all = new ConcurrentHashMap<>(answers);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return all.getOrDefault(request.getTarget(), page(404, "text/html", "<html><title>404</title>"));
            }
        });
    }

    private static MockResponse health() {
        return page(200, "text/html; charset=utf-8", "OK");
    }

    @Test
    void aPageNamesWhoAnsweredAndWhereMlflowIs() {
        serve(Map.of(
                "/team/mlflow/api/2.0/mlflow/runs/get",
                page(200, "text/html", "<html><title>Sign in</title>"),
                "/team/health",
                health()));
        try (Wire below = Wire.to(Servers.addressOf(server) + "/team/mlflow/", HttpSettings.standard())) {
            assertThatThrownBy(() -> below.call(READ, NAME))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("no JSON")
                    .hasMessageContaining("text/html")
                    .hasMessageContaining("nginx/1.22")
                    .hasMessageContaining("Sign in")
                    .hasMessageContaining("MLflow answers at " + Servers.addressOf(server) + "/team: use that address");
        }
    }

    @Test
    void aBucketIsNoServer() {
        serve(Map.of(
                "/api/2.0/mlflow/runs/get",
                page(403, "application/xml", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>")));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("403 AccessDenied");
    }

    @Test
    void aRedirectIsNotFollowed() {
        serve(Map.of(
                "/api/2.0/mlflow/runs/get",
                new MockResponse.Builder()
                        .code(302)
                        .addHeader("Location", "https://login.example.com/start?state=one-time-secret")
                        .build()));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("302")
                .hasMessageContaining("https://login.example.com/start")
                .hasMessageContaining("No MLflow answers at that address")
                .hasMessageNotContaining("one-time-secret");
    }

    @Test
    void anEndpointThatIsMissingIsToldFromAnAddressThatIsWrong() {
        serve(Map.of("/health", health(), "/version", page(200, "text/plain", "2.9.2")));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(UnsupportedByBackendException.class)
                .hasMessageContaining("GET api/2.0/mlflow/runs/get")
                .hasMessageContaining("MLflow 2.9.2");
        wire.version("2.10.0");
        assertThatThrownBy(() -> wire.call(READ, NAME)).hasMessageContaining("MLflow 2.10.0");
        serve(Map.of());
        try (Wire elsewhere = Wire.to(Servers.addressOf(server) + "/x", HttpSettings.standard())) {
            assertThatThrownBy(() -> elsewhere.call(READ, NAME)).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void codesOfTheServerSayWhatItIs() {
        server.enqueue(json(404, "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"No run 'a'\"}"));
        assertThatThrownBy(() -> wire.call(READ.about("run a"), NAME))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("No run 'a'")
                .hasMessageContaining("run a");
        server.enqueue(json(400, "{\"error_code\": \"RESOURCE_ALREADY_EXISTS\", \"message\": \"there\"}"));
        assertThatThrownBy(() -> wire.call(READ, NAME)).isInstanceOf(ConflictException.class);
        server.enqueue(
                json(400, "{\"error_code\": \"INVALID_PARAMETER_VALUE\", \"message\": \"bad\\u001b[31m\\nkey\"}"));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageEndingWith("bad [31m key");
    }

    @Test
    void aHostThatIsNotAllowedNamesTheOption() {
        server.enqueue(page(403, "text/plain", "Invalid Host header - possible DNS rebinding attack detected"));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("--allowed-hosts 127.0.0.1:" + server.getPort());
    }

    @Test
    void aPermissionThatIsMissingNamesTheThingAndWhoGivesIt() {
        server.enqueue(page(403, "text/html; charset=utf-8", "Permission denied"));
        assertThatThrownBy(() -> wire.call(READ.about("experiment 'churn'"), NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("experiment 'churn'", "owner of the experiment", "permissions");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void whatIsTooLongNamesTheLimitOfTheProxy() {
        server.enqueue(page(413, "text/html", "<html><title>413 Request Entity Too Large</title>"));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("'nginx/1.22'")
                .hasMessageContaining("client_max_body_size");
    }

    @Test
    void anAnswerThatIsCutIsAskedForAgain() {
        server.enqueue(json(200, "{\"name\": \"a"));
        server.enqueue(json(200, "{\"name\": \"whole\"}"));
        assertThat(wire.call(READ, NAME)).isEqualTo("whole");
        // Without a length, the end of the connection is the end of the answer.
        server.enqueue(new MockResponse.Builder()
                .code(200)
                .removeHeader("Content-Length")
                .addHeader("Connection", "close")
                .body(new Buffer().writeUtf8("{\"name\": \"b\", "))
                .removeHeader("Content-Length")
                .onResponseEnd(new SocketEffect.CloseSocket())
                .build());
        server.enqueue(json(200, "{\"name\": \"whole\"}"));
        assertThat(wire.call(READ, NAME)).isEqualTo("whole");
        server.enqueue(json(200, "{\"name\": "));
        server.enqueue(json(200, "{\"name\": "));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("ends or breaks at byte");
    }

    @Test
    void anEmptyAnswerIsCutUnlessItMayBeEmpty() {
        server.enqueue(json(200, ""));
        assertThat(wire.call(READ, AnswerReader.ifAny())).isTrue();
        server.enqueue(json(200, ""));
        server.enqueue(json(200, "{}"));
        assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(3);
        server.enqueue(json(200, ""));
        server.enqueue(json(200, "{\"name\": \"whole\"}"));
        assertThat(wire.call(READ, NAME)).isEqualTo("whole");
    }

    @Test
    void aWholeAnswerOfAnotherKindIsDamaged() {
        server.enqueue(json(200, "{\"name\": [1]}"));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("/name");
        server.enqueue(json(200, "[]"));
        assertThatThrownBy(() -> wire.call(READ, NAME)).isInstanceOf(CorruptDataException.class);
    }

    @Test
    void bombsAreRefusedAtOnce() {
        refused("[".repeat(100_000), "nested");
        refused("{\"a\":".repeat(200), "nested");
        refused("{\"name\": " + "1".repeat(2000) + "}", "number");
        refused("{\"name\": \"" + "x".repeat(9 << 20) + "\"}", "text");
        refused("{\"" + "x".repeat(1 << 17) + "\": 1}", "name");
        server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Encoding", "gzip")
                .addHeader("Content-Type", "application/json")
                .body("not even that")
                .build());
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("compressed");
        server.enqueue(new MockResponse.Builder()
                .body(new Buffer().write("{\"name\": \"a\"}".getBytes(StandardCharsets.UTF_16LE)))
                .build());
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("UTF-8");
        assertThat(server.getRequestCount()).isEqualTo(7);
    }

    private void refused(String body, String what) {
        server.enqueue(json(200, body));
        assertThatThrownBy(() -> wire.call(READ, NAME))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(what);
    }

    /** Profiles of datasets are so. */
    @Test
    void aLongTextThatNobodyAsksForIsSkipped() {
        server.enqueue(json(200, "{\"profile\": \"" + "\\\"x".repeat(6 << 20) + "\", \"name\": \"a\"}"));
        assertThat(wire.call(READ, NAME)).isEqualTo("a");
    }

    @Test
    void numbersComeAsTextAndTextAsNumbers() {
        server.enqueue(json(200, "{\"a\": \"12\", \"b\": 12, \"c\": \"NaN\", \"d\": 1.5, \"e\": null}"));
        Map<String, Object> seen = new ConcurrentHashMap<>();
        boolean read = wire.call(READ, in -> {
            Fields.each(in, (name, value) -> {
                switch (name) {
                    case "a", "b" -> seen.put(name, Fields.number(value));
                    default -> seen.put(name, Fields.real(value));
                }
            });
            return true;
        });
        assertThat(read).isTrue();
        assertThat(seen).containsExactlyInAnyOrderEntriesOf(Map.of("a", 12L, "b", 12L, "c", Double.NaN, "d", 1.5));
    }

    @Test
    void versionsAreText() {
        server.enqueue(page(200, "text/plain", "3.17.2\n"));
        assertThat(wire.text(Call.get("version")).orThrow()).isEqualTo("3.17.2");
        server.enqueue(ok());
        assertThat(wire.call(READ, AnswerReader.ignoring())).isTrue();
    }
}
