package io.mlops.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.api.spi.RunDraft;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Tests that a part which another process left goes only once all of it was taken, and that one bad run costs itself. */
final class SpoolPartsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final RunId GOOD = new RunId("good");
    private static final RunId BAD = new RunId("bad");
    private static final TwistedBackend.Twist NONE = (method, arguments, real) -> real.call();

    @TempDir
    private Path folder;

    private final Map<Path, Backend> stores = new TreeMap<>();
    private final List<Path> opened = new ArrayList<>();
    private final List<RunId> came = new ArrayList<>();
    private SpoolParts parts;
    private SpoolParts.Part own;

    @BeforeEach
    void claim() throws IOException {
        TestLoggerFactory.clearAll();
        parts = new SpoolParts(folder, path -> {
            opened.add(path);
            return stores.computeIfAbsent(path, made -> new MemoryBackend());
        });
        own = parts.claim();
    }

    @AfterEach
    void close() throws IOException {
        own.close();
        TestLoggerFactory.clearAll();
    }

    private Path store(int part) {
        return folder.resolve(part + "/store");
    }

    /** A part that was left, with runs in a store that outlives its being closed. */
    private MemoryBackend left(int part, TwistedBackend.Twist twist, RunId... runs) throws IOException {
        Files.createDirectories(store(part).resolve("experiments/churn"));
        Files.writeString(store(part).resolve("experiments/churn/experiment.json"), "{}");
        MemoryBackend memory = new MemoryBackend();
        for (RunId run : runs) {
            var unused = memory.runs().create(new RunDraft(run, "churn", "forest", NOON, null, Map.of()));
        }
        stores.put(store(part), unclosed(new TwistedBackend(memory, twist)));
        return memory;
    }

    private static Backend unclosed(Backend kept) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, args) -> method.getName().equals("close") ? null : method.invoke(kept, args));
    }

    private void takeOver(BooleanSupplier stopped) throws IOException {
        parts.takeOver(own, came::add, stopped);
    }

    private void takeOver() throws IOException {
        takeOver(() -> false);
    }

    private static List<String> warnings() {
        return TestLoggerFactory.getAllLoggingEvents().stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(LoggingEvent::getFormattedMessage)
                .toList();
    }

    private boolean has(RunId run) {
        return own.store().runs().find(run).isPresent();
    }

    @Test
    void aPartGoesOnceAllOfItWasTaken() throws IOException {
        left(2, NONE, GOOD);
        Files.createDirectories(store(2).resolve(".staging/owner/1"));
        Files.writeString(store(2).resolve(".staging/owner/1/run.json"), "half");

        takeOver();

        assertThat(has(GOOD)).isTrue();
        assertThat(came).containsExactly(GOOD);
        assertThat(store(2)).doesNotExist();
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "experiments/churn/bad/run.json",
                "experiments/churn/bad/metrics-1-w.tfevents",
                "experiments/churn/bad/artifacts/model.bin",
                ".trash/runs/churn/bad/run.json",
                ".trash/experiments/churn/bad/run.json"
            })
    void whatTheStoreDoesNotTellOfStays(String file) throws IOException {
        left(2, NONE, GOOD);
        Path damaged = store(2).resolve(file);
        Files.createDirectories(damaged.getParent());
        Files.writeString(damaged, "damaged");

        takeOver();
        takeOver();

        assertThat(came).containsExactly(GOOD);
        assertThat(damaged).hasContent("damaged");
        assertThat(warnings()).singleElement().asString().contains(store(2).toString());
        assertThat(opened).containsOnlyOnce(store(2));
    }

    @Test
    void aRunThatFailsHoldsUpNoOtherAndStays() throws IOException {
        MemoryBackend left = left(
                2,
                (method, arguments, real) -> {
                    if (method.equals("get") && arguments.get(0).equals(BAD)) {
                        throw new CorruptDataException("run bad is damaged", null);
                    }
                    return real.call();
                },
                new RunId("a"),
                BAD,
                new RunId("z"));
        left(3, NONE, GOOD);

        takeOver();
        takeOver();

        assertThat(came).containsExactlyInAnyOrder(new RunId("a"), new RunId("z"), GOOD);
        assertThat(left.runs().find(BAD)).isPresent();
        assertThat(left.runs().find(new RunId("a"))).isEmpty();
        assertThat(store(2)).isDirectory();
        assertThat(store(3)).doesNotExist();
        assertThat(warnings()).singleElement().asString().contains("run bad", store(2).toString());
        assertThat(opened).containsOnlyOnce(store(2));
    }

    @Test
    void aPartThatCannotBeSearchedHoldsUpNoOther() throws IOException {
        for (int part : new int[] {2, 4}) {
            left(part, (method, arguments, real) -> {
                throw new CorruptDataException("the store is damaged", null);
            });
        }
        left(3, NONE, GOOD);

        takeOver();
        takeOver();

        assertThat(came).containsExactly(GOOD);
        assertThat(store(2)).isDirectory();
        assertThat(store(4)).isDirectory();
        assertThat(warnings()).hasSize(2);
    }

    @Test
    void aRunThatWasNotTakenWholeStays() throws IOException {
        MemoryBackend left = left(
                2,
                (method, arguments, real) -> {
                    if (method.equals("open")) {
                        OpenArtifact whole = (OpenArtifact) real.call();
                        whole.bytes().close();
                        return new OpenArtifact(
                                whole.entry(), Content.text("bed").open());
                    }
                    return real.call();
                },
                BAD,
                GOOD);
        var unused = left.artifacts().put(BAD, new TreeMap<>(Map.of(RelativePath.of("model"), Content.text("bad"))));

        takeOver();
        takeOver();

        assertThat(came).containsExactlyInAnyOrder(BAD, GOOD);
        assertThat(left.runs().find(BAD)).isPresent();
        assertThat(left.runs().find(GOOD)).isEmpty();
        assertThat(store(2)).isDirectory();
        assertThat(warnings()).singleElement().asString().contains("run bad", "artifact 'model'", store(2).toString());
    }

    @Test
    void whatFailsInPassingIsTriedAgain() throws IOException {
        int[] failures = {2};
        left(
                2,
                (method, arguments, real) -> {
                    if (method.equals("get") && failures[0]-- > 0) {
                        throw new BackendUnavailableException("no space left", false, null);
                    }
                    return real.call();
                },
                GOOD);

        takeOver();
        takeOver();
        assertThat(store(2)).isDirectory();
        takeOver();

        assertThat(came).containsExactly(GOOD);
        assertThat(store(2)).doesNotExist();
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void whoIsStoppedLeavesTheRest() throws IOException {
        left(2, NONE, GOOD, BAD);
        left(3, NONE, new RunId("c"));

        takeOver(() -> !came.isEmpty());

        assertThat(came).hasSize(1);
        assertThat(warnings()).isEmpty();
        takeOver();
        assertThat(came).hasSize(3);
        assertThat(store(2)).doesNotExist();
        assertThat(store(3)).doesNotExist();
    }
}
