package io.mlops.samples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Two applications in one JVM, as in a test suite or an application server, each with its own {@code Mlops}. */
final class TwoContextsTest {
    @TempDir
    Path folder;

    private ChurnStore store;

    @BeforeEach
    void train() throws IOException {
        store = ChurnStore.with(new ChurnModel(0.5, 0), folder.resolve("store"));
    }

    private ConfigurableApplicationContext service() {
        return new SpringApplicationBuilder(ChurnService.class)
                .run(
                        "--server.port=0",
                        "--churn.store=" + store.address(),
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=warn");
    }

    private static void ask(ConfigurableApplicationContext service, int age) throws IOException {
        int port = Integer.parseInt(service.getEnvironment().getProperty("local.server.port"));
        assertThat(Http.get(port, "/score?visits=0&age=" + age))
                .isEqualTo(new Http.Answer(200, String.valueOf(risk(age))));
    }

    private static double risk(int age) {
        return new ChurnModel(0.5, 0).risk(new Customer(age, 0));
    }

    @Test
    void closingOneLeavesTheOtherWorking() throws IOException {
        try (ConfigurableApplicationContext second = service()) {
            try (ConfigurableApplicationContext first = service()) {
                assertThat(first.getBean(Mlops.class)).isNotSameAs(second.getBean(Mlops.class));
                ask(first, 1);
                ask(second, 2);
            }
            ask(second, 3);
            try (Mlops mlops = Mlops.open(store.folder())) {
                assertThat(ChurnStore.runs(mlops))
                        .extracting(RunInfo::outcome)
                        .containsExactlyInAnyOrder(null, new RunOutcome.Finished());
            }
        }
        try (Mlops mlops = Mlops.open(store.folder())) {
            assertThat(ChurnStore.runs(mlops))
                    .allSatisfy(run -> assertThat(run.outcome()).isEqualTo(new RunOutcome.Finished()))
                    .extracting(run -> ChurnStore.risks(mlops, run))
                    .containsExactlyInAnyOrder(List.of(risk(1)), List.of(risk(2), risk(3)));
        }
    }
}
