package io.mlops.backends.http;

import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.standin.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;

final class StandIn2ContractTest extends HttpContract {
    @AutoClose
    private final StandIn server = StandIn.start(Release.V2_22);

    StandIn2ContractTest() throws IOException {}

    @Override
    TestServer server() {
        return server;
    }
}
