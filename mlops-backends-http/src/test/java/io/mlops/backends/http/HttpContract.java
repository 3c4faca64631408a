package io.mlops.backends.http;

import io.mlops.api.common.FailurePolicy;
import io.mlops.api.spi.Backend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.TestServer;
import io.mlops.contract.BackendContract;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** Tests all that a backend must do on one server, which is emptied for each test. */
abstract class HttpContract extends BackendContract {
    /** The server, which outlives the test. */
    abstract TestServer server();

    @Override
    protected Backend open() throws IOException {
        server().empty();
        return HttpBackend.at(server().address(), HttpSettings.standard());
    }

    @Override
    protected Services services(Backend opened) {
        // Ten thousand params or inputs of one run take a server seconds, and a busy machine minutes.
        MlopsConfig config = MlopsConfig.standard()
                .records(Set.of())
                .failures(FailurePolicy.DROP)
                .waitWhenFull(Duration.ofMinutes(5))
                .closeWithin(Duration.ofMinutes(5));
        Mlops mlops = Mlops.using(opened, config);
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
