package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Tables.Run;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The search of runs. */
final class RunSearchCalls {
    private static final Set<String> ATTRIBUTES = Set.of(
            "run_id", "run_name", "status", "user_id", "artifact_uri", "start_time", "end_time", "created", "Created");

    private final Tables tables;
    private final Release release;

    RunSearchCalls(Tables tables, Release release) {
        this.tables = tables;
        this.release = release;
    }

    void addTo(Routes routes) {
        routes.add("POST", "runs/search", this::search);
    }

    private ObjectNode search(Arguments call) {
        long size = call.number("max_results", 1000);
        if (size < 1 || size > 50_000) {
            throw Refusal.invalid("Invalid value " + size + " for parameter 'max_results' supplied.");
        }
        Filter filter = Filter.parse(call.text("filter"), release);
        filter.clauses().forEach(RunSearchCalls::check);
        List<String> order = call.texts("order_by");
        Filter.Subject<Run> subject = subject();
        Comparator<Run> by = Filter.order(order, subject)
                .thenComparing(
                        Comparator.comparingLong((Run run) -> run.started).reversed())
                .thenComparing(run -> run.id);
        if (!release.three()) {
            refuseJoins(filter, order);
        }
        Set<Long> experiments = experiments(call);
        String view = call.text("run_view_type");
        List<Run> found = tables.runs.values().stream()
                .filter(run -> experiments.contains(run.experiment.id))
                .filter(run -> ExperimentCalls.shows(view, run.deleted))
                .filter(run -> filter.matches(run, subject))
                .sorted(by)
                .toList();
        return Answers.page(
                "runs", found, call.text("page_token"), size, run -> Answers.run(run, release), !release.three());
    }

    private Set<Long> experiments(Arguments call) {
        Set<Long> ids = new HashSet<>();
        for (String id : call.texts("experiment_ids")) {
            if (id.matches("\\d{1,18}")) {
                ids.add(Long.parseLong(id));
            } else if (release.three()) {
                throw Refusal.invalid("Invalid experiment ID '" + id + "'. Experiment ID must be a valid integer.");
            }
        }
        return ids;
    }

    private static void check(Filter.Clause clause) {
        boolean in = clause.operator().endsWith("IN");
        if (clause.entity().equals("attribute")) {
            if (!ATTRIBUTES.contains(clause.key())) {
                throw Refusal.invalid("Invalid attribute key '" + clause.key() + "' specified.");
            }
            boolean time = clause.key().endsWith("_time") || clause.key().endsWith("reated");
            if (time != clause.value() instanceof Double || (in && !clause.key().equals("run_id"))) {
                throw Refusal.invalid("Expected another type of value for attribute: " + clause.key());
            }
        }
        if (clause.entity().equals("dataset")
                && !Set.of("name", "digest", "context").contains(clause.key())) {
            throw Refusal.invalid("Invalid dataset key '" + clause.key() + "' specified.");
        }
    }

    /** Refuses what servers before 3 make SQL of that their database does not take. */
    private static void refuseJoins(Filter filter, List<String> order) {
        boolean datasets =
                filter.clauses().stream().anyMatch(each -> each.entity().equals("dataset"));
        boolean joined = filter.clauses().stream()
                .anyMatch(each -> !each.entity().equals("dataset")
                        && (!each.entity().equals("attribute") || each.key().equals("run_name")));
        boolean ordered = order.stream().anyMatch(each -> each.matches("`?(metric|param|parameter|tag)s?`?[.].*"));
        if (datasets && ordered) {
            throw new Refusal("BAD_REQUEST", "Can't determine which FROM clause to join from, …");
        }
        if (datasets && joined) {
            throw new Refusal(
                    "TEMPORARILY_UNAVAILABLE", "(sqlite3.OperationalError) no such column: anon_1.destination_id");
        }
    }

    private static Filter.Subject<Run> subject() {
        return new Filter.Subject<>(
                RunSearchCalls::attribute,
                run -> run.tags,
                run -> run.params,
                run -> run.latest,
                RunSearchCalls::datasets);
    }

    private static @Nullable Object attribute(Run run, String name) {
        return switch (name) {
            case "run_id" -> run.id;
            case "run_name", "run name", "Run name", "Run Name" -> run.name;
            case "status" -> run.status;
            case "user_id" -> run.user;
            case "artifact_uri" -> run.artifacts();
            case "start_time", "created", "Created" -> run.started;
            case "end_time" -> run.ended;
            default -> throw Refusal.invalid("Invalid attribute key '" + name + "' specified.");
        };
    }

    private static Stream<String> datasets(Run run, String key) {
        return run.inputs.stream().flatMap(input -> switch (key) {
            case "name" -> Stream.of(input.dataset().name());
            case "digest" -> Stream.of(input.dataset().digest());
            default -> Stream.ofNullable(input.tags().get("mlflow.data.context"));
        });
    }
}
