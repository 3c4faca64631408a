package io.mlops.samples.boot;

import io.mlops.api.registry.ModelHandle;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Answers with the champion. Spring closes beans before those that they were made of, so that the run completes and the
 * model is closed while the store is still open.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ChurnService {
    /** For example {@code --churn.store=file:/srv/mlops-store --server.port=8080}. */
    public static void main(String[] arguments) {
        SpringApplication.run(ChurnService.class, arguments);
    }

    @Bean(destroyMethod = "close")
    Mlops mlops(@Value("${churn.store}") String store) {
        return Mlops.open(store);
    }

    @Bean(destroyMethod = "close")
    ModelHandle<ChurnModel> churn(Mlops mlops) {
        return mlops.serving().load("churn@champion", files -> ChurnModel.read(files.path("churn.txt")));
    }

    /** What the service answers while it is up; it would be FAILED with {@code close}, which Spring calls unless told. */
    @Bean(destroyMethod = "complete")
    Run answers(Mlops mlops) {
        return mlops.tracker().start(RunSpec.of("churn-answers"));
    }
}
