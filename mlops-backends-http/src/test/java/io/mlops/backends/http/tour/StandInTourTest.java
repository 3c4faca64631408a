package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Goes through everything on a stand-in for each version, and with proxies before it. */
final class StandInTourTest {
    private static final int LIMIT = 1 << 20;

    @TempDir
    private Path work;

    @ParameterizedTest
    @EnumSource(Release.class)
    void everyVersionDoesAllOfIt(Release release) throws IOException {
        try (StandIn server = StandIn.start(release)) {
            Tour.of(server.address(), HttpSettings.standard(), work);
        }
    }

    @Test
    void aPathOfTheServerIsKept() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17, "/ml/flow")) {
            Tour.of(server.address() + "/", HttpSettings.standard(), work);
        }
    }

    @Test
    void aProxyMayTakeAPathAwayAndLimitWhatIsSent() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17);
                FrontProxy proxy = FrontProxy.before(server, LIMIT, 60_000)) {
            Tour.of(proxy.address(), HttpSettings.standard(), work, LIMIT);
            assertThat(proxy.refused()).isEmpty();
        }
    }

    @Test
    void aFileOverTheLimitOfAProxyIsRefusedAndNamesTheLimit() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17);
                FrontProxy proxy = FrontProxy.before(server, LIMIT, 60_000);
                HttpBackend backend = HttpBackend.at(proxy.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            Run run = mlops.tracker().start(RunSpec.of("limits"));
            for (int bytes : new int[] {LIMIT + 1, 3 * LIMIT}) {
                assertThatThrownBy(() -> run.artifacts().put("weights.bin", Content.of(new byte[bytes])))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContainingAll("413", "nginx", "client_max_body_size");
            }
            run.complete();
            assertThat(mlops.tracker().artifacts(run.id()).find("weights.bin")).isEmpty();
            assertThat(mlops.delivery().dropped()).isEmpty();
        }
    }

    @Test
    void whatAProxyGaveUpIsLookedForAndNotDoneTwice() throws IOException {
        CountDownLatch given = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        try (StandIn server = StandIn.start(Release.V3_17);
                FrontProxy proxy = FrontProxy.before(server, LIMIT, 300);
                HttpBackend backend = HttpBackend.at(proxy.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            server.intercept(request -> {
                if (request.rawPath().endsWith("/runs/create") && first.getAndSet(false)) {
                    // Carried out after the proxy has said that nothing came.
                    awaitRefusal(proxy);
                    given.countDown();
                }
                return null;
            });
            Run run = mlops.tracker().start(RunSpec.of("slow"));
            run.metric("loss", 1, 0);
            run.complete();

            assertThat(given.getCount()).isZero();
            assertThat(proxy.refused()).contains(504);
            assertThat(mlops.delivery().dropped()).isEmpty();
            assertThat(mlops.tracker().get(run.id()).metric("loss")).isEqualTo(1);
        }
    }

    private static void awaitRefusal(FrontProxy proxy) {
        while (proxy.refused().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aProxyOfTheCompanyWantsAPassword() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17);
                ForwardProxy proxy = ForwardProxy.start("me", "s3cret/word")) {
            HttpSettings settings = HttpSettings.standard().proxy("http://me:s3cret%2Fword@" + proxy.authority());
            Tour.of(server.address(), settings, work);
            assertThat(proxy.passed()).isGreaterThan(50);
        }
    }

    @Test
    void aProxyOfTheCompanyThatGetsAnotherPasswordSaysSo() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17);
                ForwardProxy proxy = ForwardProxy.start("me", "s3cret");
                HttpBackend backend = HttpBackend.at(
                        server.address(), HttpSettings.standard().proxy("http://me:wr0ng@" + proxy.authority()));
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            assertThatThrownBy(() -> mlops.tracker().experiments().list().findFirst())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("The proxy wants user and password")
                    .hasMessageNotContaining("wr0ng");
            assertThat(server.requests()).isEmpty();
        }
    }
}
