package io.mlops.backends.http.server;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.codec.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps in tags, as JSON, what MLflow has no place for or keeps in part: the data that a run read, the models that came
 * out of it, how it ended, and numbers that the server hides behind a NaN. What cannot be read is as if it were not
 * there, since anybody may write a tag. Not for instances.
 */
public final class RunDocuments {
    private RunDocuments() {}

    /** The document of some of the things of a kind, which begin at this place among all of them. */
    private record Part(long from, Json json) {}

    /** Tags that hold the data that a run read, after {@code before} others. */
    public static Map<String, String> inputs(List<RunInput> inputs, int before) {
        return part(
                Reserved.INPUTS,
                before,
                inputs.stream().map(RunDocuments::input).toList());
    }

    /** Tags that hold the models that came out of a run, after {@code before} others. */
    public static Map<String, String> outputs(List<ModelVersionId> outputs, int before) {
        Map<String, String> tags = part(
                Reserved.OUTPUTS,
                before,
                outputs.stream().map(ModelVersionId::toString).toList());
        // A search can ask for a tag with a value only.
        tags.put(Reserved.PRODUCED, "yes");
        return tags;
    }

    /** Tags that hold how a run ended, bound to when, so that a run that goes on need not remove them. */
    public static Map<String, String> outcome(RunOutcome outcome, Instant ended) {
        Json json = Json.object().put("ended", ended);
        if (outcome instanceof RunOutcome.Failed failed) {
            json.put("type", failed.type()).put("message", failed.message());
        } else if (outcome instanceof RunOutcome.Killed killed) {
            json.put("reason", killed.reason());
        }
        return LongTag.write(Reserved.OUTCOME, json.line());
    }

    /** The tag that holds the latest number of a metric whose NaN of the same moment the server shows. */
    public static Map<String, String> latest(String key, MetricPoint point) {
        Json json = Json.object()
                .put("step", point.step())
                .put("time", point.time())
                .put("value", point.value());
        return Map.of(Reserved.LATEST + Reserved.hash(key), json.line());
    }

    /** The data of a run, in the order in which they were told. */
    static List<RunInput> inputs(Map<String, String> tags) {
        return parts(
                Reserved.INPUTS,
                tags,
                json -> json.children("items").stream().map(RunDocuments::input).toList());
    }

    /** The models of a run, in the order in which they were told. */
    static List<ModelVersionId> outputs(Map<String, String> tags) {
        return parts(
                Reserved.OUTPUTS,
                tags,
                json -> json.texts("items").stream().map(ModelVersionId::parse).toList());
    }

    /** How a run ended; null if it has not. */
    static @Nullable RunOutcome outcome(RunStatus status, Instant ended, Map<String, String> tags) {
        Json json = read(Reserved.OUTCOME, tags);
        Json told = json != null && ended.equals(read(json, it -> it.time("ended"))) ? json : Json.object();
        return switch (status) {
            case FINISHED -> new RunOutcome.Finished();
            case FAILED -> {
                RunOutcome failed = read(told, it -> new RunOutcome.Failed(it.text("type"), it.text("message")));
                yield failed == null ? RunOutcome.Failed.because(null) : failed;
            }
            case KILLED -> {
                RunOutcome killed = read(told, it -> new RunOutcome.Killed(it.text("reason")));
                yield killed == null ? new RunOutcome.Killed("") : killed;
            }
            case SCHEDULED, RUNNING, UNKNOWN -> null;
        };
    }

    /** When a run ended of which the server says that it has, and not when: it takes 1970 for no time. */
    static Instant endedUntold(Map<String, String> tags) {
        Json json = read(Reserved.OUTCOME, tags);
        Instant told = json == null ? null : read(json, it -> it.time("ended"));
        return told == null ? Instant.EPOCH : told;
    }

    /** The point that counts as the latest of a metric, by the one that the server shows. */
    static MetricPoint latest(String key, MetricPoint shown, Map<String, String> tags) {
        Json json = Double.isNaN(shown.value()) ? read(Reserved.LATEST + Reserved.hash(key), tags) : null;
        MetricPoint number = json == null
                ? null
                : read(json, it -> new MetricPoint(it.number("step"), it.time("time"), it.real("value")));
        if (number == null || number.step() != shown.step()) {
            return shown;
        }
        return number.time().equals(shown.time()) ? number : shown;
    }

    private static Json input(RunInput input) {
        DatasetVersionId version = input.version();
        return Json.object()
                .put("name", input.name())
                .put("digest", input.digest().toString())
                .put("version", version == null ? null : version.toString())
                .put("source", input.source())
                .put("role", input.role());
    }

    private static RunInput input(Json json) {
        return new RunInput(
                json.text("name"),
                Digest.parse(json.text("digest")),
                json.parsedOrNull("version", "a version of a dataset", DatasetVersionId::parse),
                json.text("source"),
                json.text("role"));
    }

    private static Map<String, String> part(String prefix, int from, List<?> items) {
        String text = Json.object().put("from", from).put("items", items).line();
        return LongTag.write(prefix + Reserved.hash(text), text);
    }

    /** All items of the parts whose tags begin with a prefix, by where the parts begin. */
    private static <T> List<T> parts(String prefix, Map<String, String> tags, Function<Json, List<T>> items) {
        List<Part> parts = new ArrayList<>();
        int length = prefix.length() + Reserved.hash("").length();
        for (String key : tags.keySet()) {
            // Longer ones are further pieces.
            Json json = key.startsWith(prefix) && key.length() == length ? read(key, tags) : null;
            Long from = json == null ? null : read(json, it -> it.size("from"));
            if (json != null && from != null) {
                parts.add(new Part(from, json));
            }
        }
        parts.sort(Comparator.comparingLong(Part::from)
                .thenComparing(part -> part.json().line()));
        List<T> all = new ArrayList<>();
        for (Part part : parts) {
            List<T> read = read(part.json(), items);
            all.addAll(read == null ? List.of() : read);
        }
        return all.stream().distinct().toList();
    }

    private static @Nullable Json read(String key, Map<String, String> tags) {
        String text = LongTag.read(key, tags);
        if (text == null) {
            return null;
        }
        try {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8), "tag " + key);
        } catch (CorruptDataException othersWroteIt) {
            return null;
        }
    }

    private static <T> @Nullable T read(Json json, Function<Json, T> read) {
        try {
            return read.apply(json);
        } catch (CorruptDataException | IllegalArgumentException othersWroteIt) {
            return null;
        }
    }
}
