package io.mlops.backends.http;

import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.TestServer;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(
        named = "mlops.faults",
        matches = "[1-9]\\d+",
        disabledReason = "takes minutes: in profile faults")
@NeedsServer(value = Release.V3_17, losesEvery = 7)
final class LossyServerContractTest extends HttpContract {
    private final TestServer server;

    LossyServerContractTest(TestServer server) {
        this.server = server;
    }

    @Override
    TestServer server() {
        return server;
    }
}
