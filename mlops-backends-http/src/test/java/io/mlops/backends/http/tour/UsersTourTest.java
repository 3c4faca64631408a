package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.RealServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Setup;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two users of a server, who may read what the other has, and change what is their own. */
@NeedsServer(value = Release.V3_17, setup = Setup.USERS)
final class UsersTourTest {
    private final RealServer server;
    private final String password = "pass: w'rd/%+-" + UUID.randomUUID();
    private final String ann = "ann-" + UUID.randomUUID();
    private final String bob = "bob-" + UUID.randomUUID();
    private final String experiment = "ann's " + UUID.randomUUID();
    private final String model = "anns-" + UUID.randomUUID();

    /** All that a program may print of what happened. */
    private final List<String> shown = new ArrayList<>();

    @TempDir
    private Path work;

    UsersTourTest(RealServer server) {
        this.server = server;
    }

    @BeforeEach
    void makeUsers() {
        TestLoggerFactory.clearAll();
        RawClient admin = new RawClient(
                server,
                HttpClient.newBuilder()
                        .authenticator(new Authenticator() {
                            @Override
                            protected PasswordAuthentication getPasswordAuthentication() {
                                return new PasswordAuthentication(
                                        "admin", server.password().toCharArray());
                            }
                        })
                        .build());
        for (String user : List.of(ann, bob)) {
            admin.post("users/create", "{\"username\": \"" + user + "\", \"password\": \"" + password + "\"}");
        }
    }

    private HttpSettings as(String user) {
        return HttpSettings.standard().basic(user, password);
    }

    private HttpBackend backend(HttpSettings settings) {
        HttpBackend backend = HttpBackend.at(server.address(), settings);
        shown.add(backend.info().name() + settings + settings.explainConfiguration());
        return backend;
    }

    @Test
    void aUserDoesAllOfIt() throws IOException {
        Tour.of(server.address(), as(ann), work);
    }

    @Test
    void whoMayOnlyReadIsToldWhoseExperimentItIs() throws IOException {
        RunId id = recordAsAnn();
        MlopsConfig throwing = Straight.CONFIG.failures(FailurePolicy.FAIL);
        try (HttpBackend backend = backend(as(bob));
                Mlops mlops = Mlops.using(backend, throwing)) {
            assertThat(mlops.tracker().get(id).metric("loss")).isEqualTo(1);
            assertThat(mlops.tracker().artifacts(id).find("a.txt")).isPresent();
            assertThat(mlops.registry().get(model + "/1").run()).isEqualTo(id);
            refused(experiment, () -> mlops.tracker().run(experiment, run -> run.metric("loss", 2, 0)));
            refused(experiment, () -> mlops.tracker().tag(id, "mine", "yes"));
            refused(experiment, () -> mlops.tracker().rename(id, "mine"));
            refused(experiment, () -> mlops.tracker().experiments().tag(experiment, "mine", "yes"));
            refused(
                    model,
                    () -> mlops.registry()
                            .tag(mlops.registry().get(model + "/1").id(), "mine", "yes"));
            Path file = Files.writeString(work.resolve("bob.txt"), "bob's");
            refused(model, () -> mlops.registry().register(ModelSpec.of(model, file)));
        }
        nothingIsShown();
    }

    private RunId recordAsAnn() throws IOException {
        try (HttpBackend backend = backend(as(ann));
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            RunId id = mlops.tracker().run(experiment, run -> {
                run.metric("loss", 1, 0);
                run.artifacts().putText("a.txt", "ann's");
            });
            Path file = Files.writeString(work.resolve("ann.txt"), "ann's");
            assertThat(mlops.registry()
                            .register(ModelSpec.of(model, file).run(id))
                            .number())
                    .isEqualTo(1);
            return id;
        }
    }

    /** What a user does. */
    private interface Deed {
        void run() throws IOException;
    }

    private void refused(String whose, Deed deed) {
        Throwable thrown = catchThrowable(deed::run);
        assertThat(thrown).isInstanceOf(RefusedException.class).hasMessageContainingAll("403", "user " + bob, whose);
        shown.add(text(thrown));
    }

    @Test
    void whatADroppedRunHasLostIsToldWithTheExperiment() throws IOException {
        RunId unused = recordAsAnn();
        try (HttpBackend backend = backend(as(bob))) {
            loseARun(backend);
        }
        assertThat(TestLoggerFactory.getAllLoggingEvents())
                .anySatisfy(event -> assertThat(event.getFormattedMessage()
                                + event.getThrowable().map(UsersTourTest::text).orElse(""))
                        .contains(experiment));
        nothingIsShown();
    }

    @Test
    void aWrongPasswordIsRefusedAndNotShown() {
        String wrong = "wr0ng-" + UUID.randomUUID();
        for (HttpSettings settings :
                List.of(HttpSettings.standard().basic(ann, wrong), HttpSettings.standard(), as("nobody"))) {
            try (HttpBackend backend = backend(settings);
                    Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
                Throwable thrown = catchThrowable(
                        () -> mlops.tracker().experiments().list().findFirst());
                assertThat(thrown)
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContainingAll("401", "HttpSettings.basic");
                shown.add(text(thrown));
                loseARun(backend);
            }
        }
        String address = server.address().replace("http://", "http://" + ann + ":" + wrong + "@");
        try (HttpBackend backend = HttpBackend.at(address, HttpSettings.standard())) {
            shown.add(backend.info().name());
            assertThatThrownBy(() -> backend.experiments().find("any"))
                    .isInstanceOf(RefusedException.class)
                    .satisfies(thrown -> shown.add(text(thrown)));
        }
        nothingIsShown();
        assertThat(shown).noneMatch(text -> text.contains(wrong));
    }

    private void loseARun(HttpBackend backend) {
        Mlops mlops = Mlops.using(backend, Straight.CONFIG.closeWithin(Duration.ofSeconds(2)));
        Run run = mlops.tracker().start(RunSpec.of(experiment));
        run.metric("loss", 2, 0);
        run.complete();
        mlops.close();
        assertThat(mlops.delivery().lost())
                .isPositive()
                .isEqualTo(mlops.delivery().accepted());
    }

    private void nothingIsShown() {
        TestLoggerFactory.getAllLoggingEvents()
                .forEach(event -> shown.add(event.getFormattedMessage()
                        + event.getThrowable().map(UsersTourTest::text).orElse("")));
        assertThat(shown).isNotEmpty().noneMatch(text -> text.contains(password));
    }

    private static String text(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
