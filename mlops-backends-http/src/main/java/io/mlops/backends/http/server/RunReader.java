package io.mlops.backends.http.server;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Limits;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInput;
import io.mlops.backends.http.wire.Fields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Reads one run out of an answer, field by field. Not thread-safe. */
final class RunReader {
    private static final String UNTOLD = "unknown";
    private static final int DIGEST_BYTES = 64;

    private final Map<String, String> info = new HashMap<>();
    private final Map<String, String> params = new HashMap<>();
    private final Map<String, String> tags = new HashMap<>();
    private final Map<String, MetricSummary> metrics = new HashMap<>();
    private final List<RunInput> edges = new ArrayList<>();

    ServerRun read(JsonParser in) throws IOException {
        Fields.each(in, (name, field) -> {
            switch (name) {
                case "info" -> readInfo(field);
                case "data" -> readData(field);
                case "inputs" -> readInputs(field);
                default -> {}
            }
        });
        String id = info.getOrDefault("run_id", info.getOrDefault("run_uuid", ""));
        if (!RunId.isValid(id)) {
            throw Fields.not(in, "run with an id");
        }
        return new ServerRun(
                id,
                info.getOrDefault("experiment_id", ""),
                info.getOrDefault("artifact_uri", ""),
                info.getOrDefault("run_name", id),
                info.getOrDefault("status", ""),
                time(in, info.getOrDefault("start_time", "0")),
                info.containsKey("end_time") ? time(in, info.get("end_time")) : null,
                info.getOrDefault("lifecycle_stage", "").equals("deleted"),
                params,
                tags,
                metrics,
                edges);
    }

    private static Instant time(JsonParser in, String millis) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(millis));
        } catch (NumberFormatException e) {
            throw Fields.not(in, "time in milliseconds");
        }
    }

    private void readInfo(JsonParser in) throws IOException {
        Fields.each(in, (name, field) -> {
            if (field.currentToken().isScalarValue()) {
                info.put(name, Fields.text(field));
            }
        });
    }

    private void readData(JsonParser in) throws IOException {
        Fields.each(in, (name, field) -> {
            switch (name) {
                case "params" -> params.putAll(KeyValues.read(field));
                case "tags" -> tags.putAll(KeyValues.read(field));
                case "metrics" -> {
                    List<String> unused = Fields.list(field, this::readMetric);
                }
                default -> {}
            }
        });
    }

    private String readMetric(JsonParser in) throws IOException {
        String[] key = {""};
        double[] value = {Double.NaN};
        long[] stepAndTime = {0, 0};
        Fields.each(in, (name, field) -> {
            switch (name) {
                case "key" -> key[0] = Fields.text(field);
                case "value" -> value[0] = Fields.real(field);
                case "step" -> stepAndTime[0] = Fields.number(field);
                case "timestamp" -> stepAndTime[1] = Fields.number(field);
                default -> {}
            }
        });
        MetricPoint latest = new MetricPoint(stepAndTime[0], Instant.ofEpochMilli(stepAndTime[1]), value[0]);
        metrics.put(key[0], new MetricSummary(latest, null));
        return key[0];
    }

    private void readInputs(JsonParser in) throws IOException {
        Fields.each(in, (name, field) -> {
            if (name.equals("dataset_inputs")) {
                List<String> unused = Fields.list(field, this::readInput);
            }
        });
    }

    private String readInput(JsonParser in) throws IOException {
        Map<String, String> dataset = new HashMap<>();
        Map<String, String> inputTags = new HashMap<>();
        Fields.each(in, (name, field) -> {
            if (name.equals("tags")) {
                inputTags.putAll(KeyValues.read(field));
            } else if (name.equals("dataset")) {
                Fields.each(field, (part, value) -> {
                    // The profile, which is among the rest, may have megabytes.
                    if (part.equals("name") || part.equals("digest") || part.equals("source")) {
                        dataset.put(part, Fields.text(value));
                    }
                });
            }
        });
        String source = dataset.getOrDefault("source", "");
        try {
            DataReference data = DataReference.external(
                    dataset.getOrDefault("name", ""),
                    digest(dataset.getOrDefault("digest", "")),
                    source.substring(0, Math.min(source.length(), Limits.SOURCE)));
            edges.add(RunInput.of(data, inputTags.getOrDefault("mlflow.data.context", UNTOLD)));
        } catch (IllegalArgumentException othersWroteIt) {
            // A name or role that the API has no room for.
        }
        return source;
    }

    /** A digest of an algorithm that MLflow does not tell; one that is no hex number is spelled as one. */
    private static Digest digest(String text) {
        if (text.matches("[0-9a-fA-F]{1,128}")) {
            return new Digest("mlflow", text);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Digest("mlflow", HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, DIGEST_BYTES)));
    }
}
