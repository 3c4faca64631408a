package io.mlops.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.core.delivery.RunLinks;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store or run that fails between a version and what tells its run of it. */
final class StoredRegistryTest {
    private static final RunId RUN = new RunId("run-1");

    @TempDir
    private Path folder;

    private final TestLogger log = TestLoggerFactory.getTestLogger(StoredRegistry.class);
    private final Deque<RuntimeException> failures = new ArrayDeque<>();
    private final List<ModelVersionId> linked = new ArrayList<>();
    private final StoredRegistry registry = new StoredRegistry(
            new MemoryBackend(),
            new RunLinks() {
                @Override
                public void ensureStored(RunId run) {}

                @Override
                public void produced(RunId run, ModelVersionId version) {
                    RuntimeException failure = failures.poll();
                    if (failure != null) {
                        throw failure;
                    }
                    linked.add(version);
                }
            },
            InstantSource.system(),
            "anna",
            null);

    @BeforeEach
    void clear() {
        log.clearAll();
    }

    @Test
    void ofVeryManyVersionsNoneIsSaidToBeMissing() {
        for (int i = 0; i < 1001; i++) {
            ModelVersion unused = registry.register(ModelSpec.of("churn", "model.txt", Content.text("weights")));
        }

        assertThatThrownBy(() -> registry.get("churn/1002"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageEndingWith("only 1 to 1001");
    }

    private ModelVersion register() throws IOException {
        return registry.register(ModelSpec.of("churn", Files.writeString(folder.resolve("m.bin"), "x"))
                .run(RUN));
    }

    private static BackendUnavailableException down() {
        return new BackendUnavailableException("down", false, null);
    }

    @Test
    void aLinkThatFailsOnceIsMadeAllTheSame() throws IOException {
        failures.add(down());
        ModelVersion first = register();
        failures.add(new IllegalStateException("run run-1 has ended"));
        ModelVersion second = register();

        assertThat(linked).containsExactly(first.id(), second.id());
        assertThat(log.getAllLoggingEvents()).isEmpty();
    }

    @Test
    void aVersionWhoseRunCannotBeToldIsReturnedWithOneWarning() throws IOException {
        for (int i = 0; i < 10; i++) {
            failures.add(down());
        }

        ModelVersion version = register();

        assertThat(version.run()).isEqualTo(RUN);
        assertThat(registry.versions("churn")).containsExactly(version);
        assertThat(linked).isEmpty();
        assertThat(log.getAllLoggingEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("churn/1", "run-1"));
    }

    @Test
    void whatIsNoConditionComesOut() {
        failures.add(new IndexOutOfBoundsException("a bug"));

        assertThatThrownBy(this::register).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
