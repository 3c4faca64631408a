package io.mlops.backends.http;

import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.standin.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;

final class StandIn3ContractTest extends HttpContract {
    @AutoClose
    private final StandIn server = StandIn.start(Release.V3_17);

    StandIn3ContractTest() throws IOException {}

    @Override
    TestServer server() {
        return server;
    }
}
