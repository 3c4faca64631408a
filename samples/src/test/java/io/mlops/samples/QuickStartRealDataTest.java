package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.Mlops;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick start with the Adult census as published, which lies beside this project where it is at hand. */
final class QuickStartRealDataTest {
    private static final Path ADULT = Path.of(System.getProperty("basedir", "."))
            .resolve("../../shared/data/adult.csv")
            .toAbsolutePath()
            .normalize();

    @Test
    void predictsIncomeAsWellAsPublished(@TempDir Path folder) {
        assumeTrue(Files.exists(ADULT), () -> "skipped, since there is no " + ADULT);

        Outcome outcome = Outcome.ofQuickStart(folder, "--data", ADULT.toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("48,842 census rows");
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("mlops-store"))) {
            List<RunInfo> runs = mlops.tracker()
                    .search(RunQuery.of("income").orderBy("metrics.auc DESC"))
                    .first(2);
            // A linear model reaches an AUC of about 0.90 and an accuracy of about 0.85 here.
            assertThat(runs.get(0).metric("auc")).isBetween(0.895, 0.92);
            assertThat(runs.get(0).metric("accuracy")).isBetween(0.84, 0.87);
            assertThat(mlops.registry().get("income@champion").run())
                    .isEqualTo(runs.get(0).id());
        }
    }
}
