package io.mlops.backends.http;

import io.mlops.api.spi.Backend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.contract.ProgramContract;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;

/** Tests all that a program gets where what it records goes by a spool. */
final class StandIn3SpoolTest extends ProgramContract {
    @AutoClose
    private final StandIn server = StandIn.start(Release.V3_17);

    @TempDir
    private Path folder;

    StandIn3SpoolTest() throws IOException {}

    @Override
    protected Backend open() {
        server.empty();
        return HttpBackend.at(server.address(), HttpSettings.standard());
    }

    @Override
    protected Services services(Backend opened) {
        MlopsConfig config = MlopsConfig.standard()
                .records(Set.of())
                .spool(folder.resolve("spool"))
                .waitWhenFull(Duration.ofMinutes(5))
                .closeWithin(Duration.ofMinutes(5));
        Mlops mlops = Mlops.using(opened, config);
        return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
    }
}
