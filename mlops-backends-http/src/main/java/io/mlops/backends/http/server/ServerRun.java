package io.mlops.backends.http.server;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as the server keeps it. Immutable.
 *
 * @param storeId the server's own id, 32 hex digits
 * @param artifactRoot where its files lie
 * @param storedName the name that the server keeps, which may be a shortened one
 * @param ended null while it runs
 * @param tags those of the library, too
 * @param edges the data that MLflow's own tables say it read
 */
public record ServerRun(
        String storeId,
        String experimentId,
        String artifactRoot,
        String storedName,
        String status,
        Instant started,
        @Nullable Instant ended,
        boolean deleted,
        Map<String, String> params,
        Map<String, String> tags,
        Map<String, MetricSummary> metrics,
        List<RunInput> edges) {
    public ServerRun {
        params = Map.copyOf(params);
        tags = Map.copyOf(tags);
        metrics = Map.copyOf(metrics);
        edges = List.copyOf(edges);
    }

    /** Reads a run; what else the server says of it is skipped. */
    public static ServerRun read(JsonParser in) throws IOException {
        return new RunReader().read(in);
    }

    /** The id that the library gave it, or the server's for one that others made. */
    public RunId id() {
        String ours = tags.get(Reserved.ID);
        return new RunId(ours != null && RunId.isValid(ours) ? ours : storeId);
    }

    /** Whether the library gave it this id. */
    public boolean isOurs(RunId id) {
        return id.value().equals(tags.get(Reserved.ID));
    }

    /** How many points of a writer it has, by the tag that came with the last of them. */
    public long sent(String writer) {
        try {
            return Math.max(0, Long.parseLong(tags.getOrDefault(Reserved.SENT + writer, "0")));
        } catch (NumberFormatException othersWroteIt) {
            return 0;
        }
    }

    /** The run in an experiment of this name, as the API shows it. */
    public RunInfo info(String experiment) {
        RunStatus state = Arrays.stream(RunStatus.values())
                .filter(known -> known.name().equals(status))
                .findFirst()
                .orElse(RunStatus.UNKNOWN);
        Instant end = state.ended() && ended == null ? RunDocuments.endedUntold(tags) : ended;
        RunOutcome outcome = end == null ? null : RunDocuments.outcome(state, end, tags);
        return new RunInfo(
                id(),
                storeId,
                experiment,
                StoredName.RUN.read(storedName, tags),
                state,
                started,
                state.ended() ? end : null,
                outcome,
                parent(),
                params,
                shownTags(),
                latest(),
                inputs(),
                RunDocuments.outputs(tags),
                deleted,
                false);
    }

    private @Nullable RunId parent() {
        String ours = tags.get(Reserved.PARENT);
        String told = ours != null ? ours : tags.get(RunFact.PARENT_TAG);
        return told != null && RunId.isValid(told) ? new RunId(told) : null;
    }

    private Map<String, String> shownTags() {
        Map<String, String> shown = new HashMap<>();
        tags.forEach((key, value) -> {
            boolean ofMlflow = key.equals(RunFact.NAME_TAG)
                    || (key.equals(RunFact.PARENT_TAG) && tags.containsKey(Reserved.PARENT));
            if (!Reserved.isReserved(key) && !ofMlflow) {
                shown.put(key, value);
            }
        });
        tags.forEach((key, value) -> {
            if (key.startsWith(Reserved.TAG)) {
                shown.put(key.substring(Reserved.TAG.length()), value);
            }
        });
        return shown;
    }

    private Map<String, MetricSummary> latest() {
        boolean hidden = tags.keySet().stream().anyMatch(key -> key.startsWith(Reserved.LATEST));
        if (!hidden) {
            return metrics;
        }
        Map<String, MetricSummary> latest = new HashMap<>();
        metrics.forEach((key, summary) -> {
            MetricPoint point = RunDocuments.latest(key, summary.latest(), tags);
            latest.put(key, new MetricSummary(point, null));
        });
        return latest;
    }

    /** The data by the library's own tags, and what others said to MLflow besides. */
    private List<RunInput> inputs() {
        List<RunInput> ours = RunDocuments.inputs(tags);
        if (ours.isEmpty()) {
            return edges;
        }
        List<RunInput> all = new ArrayList<>(ours);
        for (RunInput edge : edges) {
            boolean known = ours.stream()
                    .anyMatch(input -> input.name().equals(edge.name())
                            && input.digest().hex().startsWith(edge.digest().hex()));
            if (!known) {
                all.add(edge);
            }
        }
        return all;
    }
}
