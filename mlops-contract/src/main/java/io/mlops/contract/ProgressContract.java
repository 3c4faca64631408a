package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.Capability;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import io.mlops.api.tracker.Visibility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what a listener hears of how far long operations are. */
abstract class ProgressContract extends ProgramSuite {
    private static final int BYTES = 3_000_000;

    @TempDir
    private Path folder;

    private final Heard heard = new Heard();

    private record Step(String what, long done, long total) {}

    /** A listener that throws each time, which harms nothing. */
    private static final class Heard implements Progress {
        private final List<Step> steps = new ArrayList<>();
        private final Thread caller = Thread.currentThread();

        @Override
        public void at(String what, long done, long total) {
            steps.add(new Step(what, done, total));
            assertThat(Thread.currentThread()).isSameAs(caller);
            throw new IllegalStateException("a listener's own bug");
        }

        /** Checks that all was heard since the last check, from nothing to the total. */
        private void all(String what, long total) {
            assertThat(steps).hasSizeGreaterThanOrEqualTo(2).allSatisfy(step -> {
                assertThat(step.what()).contains(what);
                assertThat(step.done()).isLessThanOrEqualTo(total);
            });
            assertThat(steps).extracting(Step::done).isSorted();
            assertThat(steps.get(0).done()).isZero();
            assertThat(steps.get(steps.size() - 1))
                    .extracting(Step::done, Step::total)
                    .containsExactly(total, total);
            steps.clear();
        }
    }

    private Path model() throws IOException {
        Path files = Files.createDirectories(folder.resolve("model/deep"));
        Files.write(files.resolve("weights.bin"), new byte[BYTES]);
        Files.writeString(files.resolveSibling("labels.txt"), "yes no");
        return folder.resolve("model");
    }

    @Test
    void storingAndCopyingArtifactsTellHowManyBytesAreDone() throws IOException {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            run.artifacts().progress(heard).put("all", model());
            heard.all("all", BYTES + 6);
            run.artifacts().progress(heard).put("one", Content.of(new byte[5]));
            heard.all("one", 5);
            run.artifacts().progress(heard).put("long", new ByteArrayInputStream(new byte[BYTES]));
            heard.all("long", BYTES);

            Path unused = tracker().artifacts(run.id()).progress(heard).download("all", folder.resolve("copy"));
            heard.all(run.id().value(), BYTES + 6);
            assertThat(folder.resolve("copy/all/deep/weights.bin")).hasSize(BYTES);
            try (InputStream in = tracker().artifacts(run.id()).progress(heard).open("one")) {
                assertThat(in.readAllBytes()).hasSize(5);
            }
            heard.all("one", 5);
        }
    }

    @Test
    void registeringAndLoadingAModelTellHowManyBytesAreDone() throws IOException {
        Path files = model();
        ModelVersion version = registry().progress(heard).register(ModelSpec.of("churn", files));
        assertThat(heard.steps.get(0).total()).isGreaterThan(BYTES);
        heard.all("churn", heard.steps.get(0).total());

        try (ModelHandle<Long> size =
                serving().progress(heard).load("churn/1", loaded -> Files.size(loaded.path("deep/weights.bin")))) {
            assertThat(size.<Long, RuntimeException>call(bytes -> bytes)).isEqualTo(BYTES);
        }
        heard.all("churn/1", heard.steps.get(0).total());
        Path unused = registry().progress(heard).files(version.id()).download("labels.txt", folder.resolve("copy"));
        heard.all("churn/1", 6);
    }

    @Test
    void whatTakesLongIsToldMeanwhileAndNotTooOften() {
        Content slow = new Content() {
            @Override
            public long bytes() {
                return 4;
            }

            @Override
            public InputStream open() {
                return new InputStream() {
                    private int left = 4;

                    @Override
                    public int read() {
                        long until = System.nanoTime() + 110_000_000;
                        while (left > 0 && System.nanoTime() < until) {
                            LockSupport.parkNanos(until - System.nanoTime());
                        }
                        return left-- > 0 ? 7 : -1;
                    }

                    @Override
                    public int read(byte[] target, int from, int length) {
                        int read = read();
                        target[from] = (byte) read;
                        return read < 0 ? -1 : 1;
                    }
                };
            }
        };
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            run.artifacts().progress(heard).put("slow", slow);
        }

        assertThat(heard.steps).extracting(Step::done).contains(1L, 2L, 3L).hasSizeLessThanOrEqualTo(8);
        heard.all("slow", 4);
    }

    @Test
    void whatFailsIsNotToldToBeDone() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            Path gone = folder.resolve("gone");
            assertThatThrownBy(() -> run.artifacts().progress(heard).put("gone", gone))
                    .isInstanceOf(NotFoundException.class);
        }
        assertThat(heard.steps).isEmpty();
    }

    @Test
    void changingAnExperimentTellsThatItBeginsAndIsDone() {
        RunId unused = tracker().run("churn", body -> body.metric("loss", 1));
        tracker().experiments().progress(heard).tag("churn", "team", "growth");
        heard.all("churn", 1);
        tracker().experiments().progress(heard).delete("churn");
        heard.all("churn", 1);
    }

    @Test
    void aTrackerThatRecordsNothingTellsItsListenerAllTheSame() {
        Tracker.noop().experiments().progress(heard).purge(Instant.EPOCH);
        Tracker.noop().experiments().progress(heard).delete("churn");

        assertThat(heard.steps)
                .extracting(Step::what)
                .containsExactly("purge what was deleted", "change experiment churn");
    }

    @Test
    void purgingTellsHowFarItIs() {
        for (int i = 0; i < 45; i++) {
            tracker().delete(tracker().run("churn", body -> body.metric("loss", 1)));
        }
        if (!contract().backend().info().capabilities().contains(Capability.PURGE)) {
            assertThatThrownBy(() -> tracker().experiments().progress(heard).purge(Instant.now()))
                    .isInstanceOf(UnsupportedByBackendException.class);
            assertThat(heard.steps).extracting(Step::done).containsOnly(0L);
            assertThat(tracker().search(RunQuery.of().visibility(Visibility.DELETED)))
                    .hasSize(45);
            return;
        }
        tracker().experiments().progress(heard).purge(Instant.now().plusSeconds(60));

        heard.all("purge", heard.steps.get(heard.steps.size() - 1).total());
        assertThat(tracker().search(RunQuery.of().visibility(Visibility.ALL))).isEmpty();
    }
}
