package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.RunInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests that what cannot be meant is refused at once, with what to write instead, and that nothing of it is done. */
abstract class RefusalsContract extends ProgramSuite {
    private ModelVersion register(String model) throws IOException {
        return registry().register(model, folder -> Files.writeString(folder.resolve("model.txt"), "weights"));
    }

    @Test
    void noModelIsCalledLikeAVersion() throws IOException {
        Map<String, String> instead = new LinkedHashMap<>();
        instead.put("churn@champion", "churn");
        instead.put("churn/1", "churn");
        instead.put("churn#sha256:ab", "churn");
        instead.put("models:/churn", "churn");
        instead.put("models:/churn/Production", "churn");
        instead.put("churn:2", "churn");
        instead.put("churn:v2", "churn");
        instead.put("churn/v2", "churn");
        instead.put("churn/latest", "churn");
        instead.put("team/churn/1/2", "team/churn");
        instead.put("a@b@c", "a");
        for (Map.Entry<String, String> name : instead.entrySet()) {
            List<String> saved = new ArrayList<>();

            assertThatThrownBy(() -> registry().register(name.getKey(), folder -> saved.add("saved")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + name.getKey() + "'")
                    .hasMessageEndingWith("write '" + name.getValue() + "'");
            assertThat(saved).isEmpty();
            assertThat(register(name.getValue()).model()).isEqualTo(name.getValue());
        }
    }

    @Test
    void noModelIsCalledLikeAFolderOrNothing() {
        for (String name : List.of("..", ".", "", " ", "./1", "models:/", "a\nb@c")) {
            assertThatThrownBy(() -> register(name))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("model");
        }
    }

    @Test
    void whatReadsAsNoVersionIsAName() throws IOException {
        for (String name :
                List.of("team/churn", "churn-v2", "com.acme:churn", "churn 2026", "...", "@home", "größe/日本語")) {
            ModelVersion version = register(name);

            assertThat(registry().get(name + "/1")).isEqualTo(version);
            assertThat(registry().get(name + "@latest")).isEqualTo(version);
            assertThat(registry().findModel(name)).isPresent();
        }
    }

    @Test
    void whereANameIsAskedForAVersionIsToldFromIt() throws IOException {
        register("churn");

        for (String version : List.of("churn/1", "churn@champion", "models:/churn/1")) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> registry().versions(version).first(1),
                    () -> registry().history(version).first(1))) {
                assertThatThrownBy(call)
                        .isInstanceOf(NotFoundException.class)
                        .hasMessageContainingAll("'" + version + "'", "only churn", "name of its model is 'churn'");
            }
            assertThatThrownBy(() -> registry().findModel(version))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'" + version + "'", "findModel(\"churn\")");
        }
        assertThat(registry().findModel("chrun")).isEmpty();
    }

    @Test
    void aNumberIsNoAlias() throws IOException {
        register("churn");

        assertThatThrownBy(() -> registry().get("churn@1"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("no alias '1'", "write churn/1");
        assertThatThrownBy(() -> registry().rollback("churn@1", "x")).isInstanceOf(NotFoundException.class);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker may pass
    void nothingIsAParamWithTheTextNull() {
        RunId id = tracker().run("churn", run -> {
            run.param("one", null);
            run.params(Collections.singletonMap("other", null));
            run.param("empty", Optional.empty());
        });

        assertThat(tracker().get(id).params()).isEqualTo(Map.of("one", "null", "other", "null", "empty", "null"));
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker may pass
    void nothingIsNoNumberNorTag() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("loss", 1.0);
        numbers.put("auc", null);
        RunId id = tracker().run("churn", run -> {
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(() -> run.metrics(numbers), () -> run.metrics(numbers, 3))) {
                assertThatThrownBy(call)
                        .isInstanceOf(NullPointerException.class)
                        .hasMessageContainingAll("the value of metric 'auc' is null", "leave the metric out");
            }
            assertThatThrownBy(() -> run.tag("owner", null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("the value of tag 'owner' is null");
            assertThatThrownBy(() -> run.metric(null, 1))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("the key of the metric is null");
            assertThatThrownBy(() -> run.rename(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("the name of the run is null");
        });

        RunInfo info = tracker().get(id);
        assertThat(info.metrics()).isEmpty();
        assertThat(info.tags()).doesNotContainKey("owner");
    }

    @Test
    void whatCannotBeRegisteredIsRefusedBeforeItIsSaved() {
        RunId deleted = tracker().run("churn", run -> {});
        tracker().delete(deleted);
        List<String> saved = new ArrayList<>();

        for (ModelSpec spec : List.of(
                ModelSpec.of("churn").parent(7),
                ModelSpec.of("churn").run(new RunId("unknown")),
                ModelSpec.of("churn").run(deleted))) {
            assertThatThrownBy(() -> registry().register(spec, folder -> saved.add("saved")))
                    .as(spec.toString())
                    .isInstanceOf(deleted.equals(spec.run()) ? ConflictException.class : NotFoundException.class);
        }
        assertThat(saved).isEmpty();
        assertThat(registry().findModel("churn")).isEmpty();
    }
}
