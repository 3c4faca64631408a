package io.mlops.backends.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests which experiment is meant by a name, for how long, and what a server is known to do. */
final class ExperimentIdsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

    private final AtomicLong nanos = new AtomicLong();
    private StandIn server;
    private Wire wire;
    private ExperimentIds ids;

    @BeforeEach
    void start() throws IOException {
        server = StandIn.start(Release.V3_17);
        wire = Wire.to(server.address(), HttpSettings.standard());
        ids = new ExperimentIds(wire, nanos::get);
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        server.close();
    }

    private String ensure(String name) {
        return ids.ensure(name, NOON, Map.of());
    }

    private long asked(String endpoint) {
        return server.requests().stream()
                .filter(request -> request.endsWith("/" + endpoint))
                .count();
    }

    @Test
    void aNameIsBelievedForSeconds() {
        String id = ensure("churn");
        assertThat(ensure("churn")).isEqualTo(id);
        assertThat(ids.name(id)).isEqualTo("churn");
        assertThat(asked("get-by-name")).isEqualTo(1);

        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        rename(id, "churn 2026");

        assertThat(ids.name(id)).isEqualTo("churn 2026");
        assertThat(ensure("churn")).isNotEqualTo(id);
        assertThat(ensure("churn 2026")).isEqualTo(id);
    }

    private void rename(String id, String name) {
        boolean unused = wire.call(
                Call.post(Call.mlflow("experiments/update"))
                        .body(JsonBody.of(Map.of("experiment_id", id, "new_name", name))),
                AnswerReader.ignoring());
    }

    @Test
    void anExperimentThatSomebodyMakesAtTheSameTimeIsTaken() {
        String id = ensure("churn");
        boolean[] first = {true};
        server.intercept(request -> {
            // The first look comes too early to see it.
            boolean tooEarly = first[0] && request.rawPath().endsWith("/get-by-name");
            first[0] &= !tooEarly;
            return tooEarly
                    ? Reply.json(404, "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"no\"}")
                    : null;
        });

        assertThat(new ExperimentIds(wire).ensure("churn", NOON, Map.of())).isEqualTo(id);
    }

    @Test
    void aDeletedOneIsAConflictThatSaysWhatToDo() {
        String id = ensure("churn");
        ids.forget(id);
        boolean unused = wire.call(
                Call.post(Call.mlflow("experiments/delete")).body(JsonBody.of(Map.of("experiment_id", id))),
                AnswerReader.ignoring());

        assertThatThrownBy(() -> ensure("churn"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("churn", "restore");
    }

    @Test
    void oneThatIsNotThereIsToldWithWhatIsNear() {
        ensure("churn");
        String hidden = ids.ensure("mlops.models", NOON, Map.of(Reserved.KIND, "models"));

        assertThat(ids.byId(hidden).isHidden()).isTrue();
        assertThatThrownBy(() -> ids.get("chrun"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("chrun", wire.name(), "only churn");
    }

    @Test
    void theVersionIsAskedForOnce() {
        ServerFacts facts = new ServerFacts(wire);

        assertThat(facts.version()).isEqualTo("3.17.2");
        assertThat(facts.hasLoggedModels()).isTrue();
        assertThat(facts.takesNanForZero()).isFalse();
        assertThat(facts.longestRunTag()).isEqualTo(8000);
        assertThat(facts.isBefore(3, 17, 3)).isTrue();
        assertThat(asked("version")).isEqualTo(1);
    }

    @Test
    void aServerThatDoesNotTellItsVersionCountsAsNew() {
        server.intercept(request -> request.rawPath().equals("/version") ? Reply.of(404, "text/html", "<h1>no") : null);
        ServerFacts facts = new ServerFacts(wire);

        assertThat(facts.hasLoggedModels()).isTrue();
        assertThat(facts.version()).contains("version", "not");
    }
}
