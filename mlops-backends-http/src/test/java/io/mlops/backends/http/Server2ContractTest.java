package io.mlops.backends.http;

import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.TestServer;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LimitsInFaults.class)
@NeedsServer(Release.V2_22)
final class Server2ContractTest extends HttpContract {
    private final TestServer server;

    Server2ContractTest(TestServer server) {
        this.server = server;
    }

    @Override
    TestServer server() {
        return server;
    }
}
