package io.mlops.backends.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what is read out of a run that a server tells. */
final class ServerRunTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    private static final String HEX = "0123456789abcdef0123456789abcdef";

    private static final String OF_OTHERS = """
                {'info': {'run_id': '0123456789abcdef0123456789abcdef', 'run_uuid': 'legacy', 'run_name': 'deep forest',
                  'experiment_id': '7', 'user_id': 'anna', 'status': 'FINISHED', 'start_time': 1763726400123,
                  'end_time': '1763726460123', 'artifact_uri': 'mlflow-artifacts:/7/0123/artifacts',
                  'lifecycle_stage': 'active', 'future': {'a': [1, {'b': 2}]}},
                 'data': {'metrics': [{'key': 'auc', 'value': 0.5, 'timestamp': 1763726400124, 'step': '-3', 'model_id': 'm-1'},
                    {'key': 'loss', 'value': 'NaN', 'timestamp': 1, 'step': 0, 'dataset_name': null}],
                  'params': [{'key': 'trees', 'value': '200'}, {'key': 'empty', 'value': ''}, {'key': 'absent'}],
                  'tags': [{'key': 'mlflow.runName', 'value': 'deep forest'}, {'key': 'team', 'value': 'growth'},
                    {'key': 'mlflow.parentRunId', 'value': 'fedcba9876543210fedcba9876543210'}]},
                 'inputs': {'dataset_inputs': [{'tags': [{'key': 'mlflow.data.context', 'value': 'training'}],
                     'dataset': {'name': 'rows', 'digest': '1a2b', 'source_type': 'http', 'source': 's3://b/rows', 'profile': 'long'}},
                    {'dataset': {'name': 'other', 'digest': 'no-hex', 'source': 'x'}}, {'dataset': {'name': ''}}],
                  'model_inputs': [{'model_id': 'm-1'}]},
                 'outputs': {'model_outputs': [{'model_id': 'm-2', 'step': 0}]}}
                """;

    private static ServerRun read(String json) {
        try (JsonParser in = new JsonFactory().createParser(json.replace('\'', '"'))) {
            in.nextToken();
            return ServerRun.read(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A run with this status, end and these tags. */
    private static RunInfo run(String status, String end, Map<String, String> tags) {
        ServerRun plain = read("{'info': {'run_id': '" + HEX + "', 'status': '" + status + "'"
                + (end.isEmpty() ? "" : ", 'end_time': " + end) + "}}");
        return new ServerRun(
                        plain.storeId(),
                        "1",
                        "",
                        "x",
                        plain.status(),
                        plain.started(),
                        plain.ended(),
                        false,
                        Map.of(),
                        tags,
                        Map.of(),
                        List.of())
                .info("churn");
    }

    @Test
    void aRunOfOthersIsReadAsFarAsItGoes() {
        ServerRun run = read(OF_OTHERS);
        RunInfo info = run.info("churn");

        assertThat(run.experimentId()).isEqualTo("7");
        assertThat(run.artifactRoot()).isEqualTo("mlflow-artifacts:/7/0123/artifacts");
        assertThat(info.id()).isEqualTo(new RunId(HEX));
        assertThat(info.storeId()).isEqualTo(HEX);
        assertThat(info.experiment()).isEqualTo("churn");
        assertThat(info.name()).isEqualTo("deep forest");
        assertThat(info.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(info.started()).isEqualTo(Instant.ofEpochMilli(1763726400123L));
        assertThat(info.ended()).isEqualTo(Instant.ofEpochMilli(1763726460123L));
        assertThat(info.outcome()).isEqualTo(new RunOutcome.Finished());
        assertThat(info.parent()).isEqualTo(new RunId("fedcba9876543210fedcba9876543210"));
        assertThat(info.deleted()).isFalse();
    }

    @Test
    void whatARunOfOthersRecordedIsRead() {
        RunInfo info = read(OF_OTHERS).info("churn");

        assertThat(info.params()).isEqualTo(Map.of("trees", "200", "empty", "", "absent", ""));
        assertThat(info.tags())
                .isEqualTo(Map.of("team", "growth", "mlflow.parentRunId", "fedcba9876543210fedcba9876543210"));
        assertThat(info.metrics().get("auc").latest())
                .isEqualTo(new MetricPoint(-3, Instant.ofEpochMilli(1763726400124L), 0.5));
        assertThat(info.metric("loss")).isNaN();
        assertThat(info.inputs())
                .extracting(
                        RunInput::name, RunInput::role, input -> input.digest().toString())
                .containsExactly(
                        tuple("rows", "training", "mlflow:1a2b"), tuple("other", "unknown", "mlflow:6e6f2d686578"));
    }

    @Test
    void whatTheLibraryKeepsInTagsComesBackAndIsHidden() {
        RunInput input = new RunInput(
                "customers/eu", Digest.sha256(new byte[32]), new DatasetVersionId("customers/eu", 3), "file:x", "test");
        RunInput other = RunInput.of(
                DataReference.external("rows 😀", Digest.parse("md5:00ff"), "s3://b/" + "x".repeat(4900)), "a");
        Map<String, String> tags = new HashMap<>();
        tags.putAll(RunDocuments.inputs(List.of(other), 1));
        tags.putAll(RunDocuments.inputs(List.of(input), 0));
        tags.putAll(RunDocuments.outputs(List.of(new ModelVersionId("churn/eu", 7)), 0));
        tags.put(Reserved.ID, "job-1");
        tags.put(Reserved.PARENT, "sweep");
        tags.put("mlflow.parentRunId", HEX);
        tags.put("mlflow.runName", "x");
        tags.put(Reserved.TAG + "mlflow.runName", "x");
        tags.put("team", "growth");

        RunInfo info = run("RUNNING", "", tags);

        assertThat(info.id()).isEqualTo(new RunId("job-1"));
        assertThat(info.parent()).isEqualTo(new RunId("sweep"));
        assertThat(info.tags()).isEqualTo(Map.of("team", "growth", "mlflow.runName", "x"));
        assertThat(info.inputs()).containsExactly(input, other);
        assertThat(info.outputs()).containsExactly(new ModelVersionId("churn/eu", 7));
    }

    @Test
    void manyInputsAreFewTags() {
        List<RunInput> inputs = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            inputs.add(RunInput.of(DataReference.external("rows-" + i, Digest.parse("md5:00ff"), "s3://b"), "train"));
        }

        Map<String, String> tags = RunDocuments.inputs(inputs, 0);

        assertThat(tags).hasSizeLessThan(300);
        assertThat(run("RUNNING", "", tags).inputs()).isEqualTo(inputs);
    }

    @Test
    void theEndOfARunIsToldWhole() {
        RunOutcome failed = new RunOutcome.Failed("java.io.IOException", "no\nsuch file 😀 ".repeat(500));
        Map<String, String> tags = RunDocuments.outcome(failed, NOON);
        String end = Long.toString(NOON.toEpochMilli());

        assertThat(run("FAILED", end, tags).outcome()).isEqualTo(failed);
        assertThat(run("KILLED", end, RunDocuments.outcome(new RunOutcome.Killed("SIGTERM"), NOON))
                        .outcome())
                .isEqualTo(new RunOutcome.Killed("SIGTERM"));
        assertThat(run("FINISHED", end, tags).outcome()).isEqualTo(new RunOutcome.Finished());
        assertThat(run("RUNNING", "", tags).outcome()).isNull();
        assertThat(run("FAILED", end + "0", tags).outcome())
                .as("another end, which others told")
                .isEqualTo(RunOutcome.Failed.because(null));
        assertThat(run("KILLED", end, Map.of()).outcome()).isEqualTo(new RunOutcome.Killed(""));
        assertThat(run("FAILED", "", RunDocuments.outcome(failed, Instant.EPOCH)))
                .satisfies(run -> assertThat(run.ended()).isEqualTo(Instant.EPOCH))
                .satisfies(run -> assertThat(run.outcome()).isEqualTo(failed));
    }

    @Test
    void tagsThatOthersDamagedCountAsMissing() {
        Map<String, String> tags = new HashMap<>();
        tags.put(Reserved.INPUTS + "0123456789abcdef", "{\"from\": 0, \"items\": [{\"name\": 7}]}");
        tags.put(Reserved.OUTPUTS + "0123456789abcdef", "[[[");
        tags.put(Reserved.OUTCOME, "{\"ended\": \"yesterday\"}");
        tags.put(Reserved.ID, "no id at all");
        tags.put(Reserved.SENT + "w", "many");
        tags.put(Reserved.PARENT, "-");

        RunInfo info = run("FAILED", "5", tags);

        assertThat(info.id().value()).isEqualTo(HEX);
        assertThat(info.inputs()).isEmpty();
        assertThat(info.outputs()).isEmpty();
        assertThat(info.parent()).isNull();
        assertThat(info.outcome()).isEqualTo(RunOutcome.Failed.because(null));
        assertThat(info.tags()).isEmpty();
    }

    @Test
    void aNumberThatTheServerHidesBehindANanIsShown() {
        ServerRun run = read("{'info': {'run_id': '" + HEX + "'}, 'data': {'metrics': ["
                + "{'key': 'm', 'value': 'NaN', 'timestamp': 5, 'step': 1},"
                + "{'key': 'n', 'value': 'NaN', 'timestamp': 6, 'step': 1}], 'tags': ["
                + tag("m") + ", " + tag("n") + "]}}");

        RunInfo info = run.info("churn");

        assertThat(info.metric("m")).isEqualTo(-1);
        assertThat(info.metric("n")).as("of a later moment").isNaN();
        assertThat(info.tags()).isEmpty();
    }

    private static String tag(String metric) {
        Map.Entry<String, String> tag = RunDocuments.latest(metric, new MetricPoint(1, Instant.ofEpochMilli(5), -1))
                .entrySet()
                .iterator()
                .next();
        return "{'key': '" + tag.getKey() + "', 'value': '" + tag.getValue().replace("\"", "\\'") + "'}";
    }
}
