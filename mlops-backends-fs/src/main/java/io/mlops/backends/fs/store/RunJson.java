package io.mlops.backends.fs.store;

import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Owner;
import io.mlops.core.disk.Owners;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of {@code run.json}: a run without its experiment's name, which may change and stands in the experiment's
 * own file.
 */
public final class RunJson {
    private static final String RUN = "the id of a run";
    private static final String OWNER = "owner";
    private static final String JOINED = "joined";
    private static final String DELETED = "deleted";
    private static final String ENVIRONMENT = "environment";
    private static final String WRITERS = "writers";
    private static final String EARLIER = "earlier";
    /** Number of earlier files of a writer whose lengths are kept, so that the document stays small. */
    private static final int MAX_EARLIER = 1000;

    /**
     * A place in the files of one writer up to which their points are counted in the metrics of a run's document.
     *
     * @param file the file's path below the run's folder
     * @param bytes the length up to which its points are counted
     */
    public record Reach(String file, long bytes) {}

    private RunJson() {}

    /** Reads a run; a status that only a newer version of the library knows is read as UNKNOWN. */
    public static RunInfo read(Json json, String experiment) {
        return Documents.decode(json, run -> decode(run, experiment));
    }

    private static RunInfo decode(Json json, String experiment) {
        json.requiring("ended", "parent", "params", "tags", "inputs", "outputs", "metrics");
        RunId id = json.parsed("id", RUN, RunId::new);
        RunStatus status = status(json.text("status"));
        return new RunInfo(
                id,
                id.value(),
                experiment,
                json.text("name"),
                status,
                json.time("started"),
                status.ended() ? json.time("ended") : json.timeOrNull("ended"),
                outcome(status, json),
                json.parsedOrNull("parent", RUN, RunId::new),
                json.textMap("params"),
                json.textMap("tags"),
                metrics(json),
                json.made("inputs", "a list of data that a run read", () -> inputs(json)),
                json.made("outputs", "a list of model versions", () -> outputs(json)),
                json.has(DELETED),
                false);
    }

    /** Writes a run into its document; fields of the document that are not part of a run stay as they are. */
    public static void write(RunInfo run, Json json) {
        RunId parent = run.parent();
        json.put("id", run.id().value()).put("name", run.name());
        if (run.status() != RunStatus.UNKNOWN) {
            json.put("status", run.status().name());
        }
        json.put("started", run.started()).put("ended", run.ended());
        writeOutcome(run.outcome(), json);
        json.put("parent", parent == null ? null : parent.value());
        json.putTextMap("params", run.params()).putTextMap("tags", run.tags());
        writeInputs(run.inputs(), json);
        json.put("outputs", run.outputs().stream().map(ModelVersionId::toString).toList());
        writeMetrics(run.metrics(), json);
    }

    /** Returns whether the run has ended. */
    public static boolean ended(Json json) {
        return status(json.text("status")).ended();
    }

    /** Returns the owner whose writers write into the run's own folder; null if there is none. */
    public static @Nullable Owner owner(Json json) {
        String text = json.textOrNull(OWNER);
        return text == null ? null : Owner.parse(text);
    }

    /** Sets the owner whose writers write into the run's own folder. */
    public static void putOwner(Json json, Owner owner) {
        json.put(OWNER, owner.toString());
    }

    /** Returns the owners that record the run beside the one of its folder, or have; some may be dead. */
    public static List<Owner> joined(Json json) {
        return json.texts(JOINED).stream()
                .map(Owner::parse)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Sets the owners that record the run beside the one of its folder. */
    public static void putJoined(Json json, List<Owner> joined) {
        if (joined.isEmpty()) {
            Json unused = json.remove(JOINED);
        } else {
            json.put(JOINED, joined.stream().map(Owner::toString).toList());
        }
    }

    /** Returns whether a living process may be writing the run. */
    public static boolean mayBeWritten(Json json, Owners owners) {
        if (ended(json)) {
            return false;
        }
        Owner owner = owner(json);
        return (owner != null && owners.lives(owner)) || joined(json).stream().anyMatch(owners::lives);
    }

    /** Marks the run as deleted at this time, unless it is marked already, or removes the mark. */
    public static void markDeleted(Json json, boolean deleted, Instant at) {
        Format.mark(json, DELETED, deleted, at);
    }

    /** Returns the time at which the run was deleted; null if it is not. */
    public static @Nullable Instant deletedAt(Json json) {
        return json.timeOrNull(DELETED);
    }

    /** Returns the digest of the environment that the run ran in; null if that is not known. */
    public static @Nullable Digest environment(Json json) {
        return json.parsedOrNull(ENVIRONMENT, Format.DIGEST, Digest::parse);
    }

    /** Sets the digest of the environment that the run ran in. */
    public static void putEnvironment(Json json, Digest environment) {
        json.put(ENVIRONMENT, environment.toString());
    }

    /** Returns how far the metrics reach into the files of a writer; null if they count none of its points. */
    public static @Nullable Reach reach(Json json, String writer) {
        if (!json.has(WRITERS) || !json.child(WRITERS).has(writer)) {
            return null;
        }
        Json reached = json.child(WRITERS).child(writer);
        return new Reach(reached.text("file"), reached.size("bytes"));
    }

    /**
     * Sets how far the metrics reach into the files of a writer. How long its earlier files are stays known, since those
     * may be missed, too.
     */
    public static void putReach(Json json, String writer, Reach reach) {
        Json reached = json.childOrNew(WRITERS).childOrNew(writer);
        String before = reached.textOrNull("file");
        if (before != null && !before.equals(reach.file())) {
            Json earlier = reached.childOrNew(EARLIER);
            if (earlier.names().size() < MAX_EARLIER) {
                earlier.put(before, reached.size("bytes"));
            }
        }
        reached.put("file", reach.file()).put("bytes", reach.bytes());
    }

    /** Returns all files that the metrics reach into, with the lengths that are durable at least. */
    public static List<Reach> reaches(Json json) {
        List<Reach> reaches = new ArrayList<>();
        if (!json.has(WRITERS)) {
            return reaches;
        }
        Json writers = json.child(WRITERS);
        for (String writer : writers.names()) {
            Json reached = writers.child(writer);
            if (reached.has(EARLIER)) {
                Json earlier = reached.child(EARLIER);
                earlier.names().forEach(file -> reaches.add(new Reach(file, earlier.size(file))));
            }
            reaches.add(new Reach(reached.text("file"), reached.size("bytes")));
        }
        return reaches;
    }

    private static RunStatus status(String text) {
        return Arrays.stream(RunStatus.values())
                .filter(status -> status.name().equals(text))
                .findFirst()
                .orElse(RunStatus.UNKNOWN);
    }

    private static @Nullable RunOutcome outcome(RunStatus status, Json json) {
        return switch (status) {
            case FINISHED -> new RunOutcome.Finished();
            case FAILED -> {
                Json failure = json.child("failure");
                yield new RunOutcome.Failed(failure.text("type"), failure.text("message"));
            }
            case KILLED ->
                json.child("failure").parsed("message", "a reason of at most 8000 characters", RunOutcome.Killed::new);
            case SCHEDULED, RUNNING, UNKNOWN -> null;
        };
    }

    private static void writeOutcome(@Nullable RunOutcome outcome, Json json) {
        if (outcome instanceof RunOutcome.Failed failed) {
            json.childOrNew("failure").put("type", failed.type()).put("message", failed.message());
        } else if (outcome instanceof RunOutcome.Killed killed) {
            json.childOrNew("failure").put("type", "killed").put("message", killed.reason());
        } else if (outcome == null || outcome instanceof RunOutcome.Finished) {
            json.remove("failure");
        } else {
            throw new IllegalStateException("no case for " + outcome.getClass().getName());
        }
    }

    private static List<RunInput> inputs(Json json) {
        return json.children("inputs").stream().map(RunJson::input).toList();
    }

    private static RunInput input(Json json) {
        return new RunInput(
                json.text("name"),
                json.parsed("digest", Format.DIGEST, Digest::parse),
                json.parsedOrNull("version", "a version of a dataset", DatasetVersionId::parse),
                json.text("source"),
                json.text("role"));
    }

    /** Adds the inputs that the document does not list yet; its entries keep what a newer version wrote into them. */
    private static void writeInputs(List<RunInput> inputs, Json json) {
        List<Json> entries = new ArrayList<>(json.children("inputs"));
        for (RunInput input : inputs.subList(Math.min(entries.size(), inputs.size()), inputs.size())) {
            DatasetVersionId version = input.version();
            entries.add(Json.object()
                    .put("name", input.name())
                    .put("digest", input.digest().toString())
                    .put("version", version == null ? null : version.toString())
                    .put("source", input.source())
                    .put("role", input.role()));
        }
        json.put("inputs", entries);
    }

    private static List<ModelVersionId> outputs(Json json) {
        return json.texts("outputs").stream().map(ModelVersionId::parse).toList();
    }

    private static Map<String, MetricSummary> metrics(Json json) {
        Map<String, MetricSummary> metrics = new HashMap<>();
        if (json.has("metrics")) {
            Json entries = json.child("metrics");
            for (String key : entries.names()) {
                Json entry = entries.child(key);
                MetricPoint latest = new MetricPoint(entry.number("step"), entry.time("time"), entry.real("value"));
                metrics.put(
                        key,
                        new MetricSummary(
                                latest,
                                new MetricSummary.Range(entry.real("min"), entry.real("max"), entry.size("count"))));
            }
        }
        return metrics;
    }

    private static void writeMetrics(Map<String, MetricSummary> metrics, Json json) {
        Json entries = json.childOrNew("metrics");
        metrics.forEach((key, summary) -> {
            Json entry = entries.childOrNew(key)
                    .put("value", summary.latest().value())
                    .put("step", summary.latest().step())
                    .put("time", summary.latest().time());
            MetricSummary.Range range = summary.range();
            if (range != null) {
                entry.put("min", range.min()).put("max", range.max()).put("count", range.count());
            }
        });
    }
}
