package io.mlops.core.query;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Visibility;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A search for runs, parsed once. Immutable. */
public final class RunSearch {
    private static final List<String> METRICS = List.of("metrics", "metric");

    private static final Subject<SearchedRun> RUNS = Subject.of(
                    Attribute.id("run_id", SearchedRun::id).or("run id"),
                    Attribute.text("run_name", SearchedRun::name).or("run name"),
                    Attribute.choice("status", RunStatus.class, SearchedRun::status),
                    Attribute.number("start_time", SearchedRun::startedMillis).or("created"),
                    Attribute.number("end_time", SearchedRun::endedMillis),
                    Attribute.optionalText("user_id", run -> run.tag(RunEnvironment.USER_TAG)))
            .named("run")
            .numbers(METRICS, SearchedRun::metric)
            .function("min", METRICS, SearchedRun::metricMin)
            .function("max", METRICS, SearchedRun::metricMax)
            .texts(List.of("params", "param", "parameters", "parameter"), SearchedRun::param)
            .texts(List.of("tags", "tag"), RunSearch::tag)
            .parts(
                    List.of("dataset", "datasets"),
                    List.of(
                            Attribute.each("name", run -> run.inputs().stream().map(RunInput::name)),
                            Attribute.each(
                                    "digest",
                                    run -> run.inputs().stream()
                                            .map(input -> input.digest().hex())),
                            Attribute.each(
                                    "context", run -> run.inputs().stream().map(RunInput::role))))
            .inOrder("start_time DESC", "run_id");

    private final Search<SearchedRun> search;
    private final List<String> experiments;
    private final Visibility visibility;

    private RunSearch(Search<SearchedRun> search, List<String> experiments, Visibility visibility) {
        this.search = search;
        this.experiments = experiments;
        this.visibility = visibility;
    }

    /** Reads a tag; name and parent can be asked for under the names of MLflow, whatever tags the run has. */
    private static @Nullable String tag(SearchedRun run, String key) {
        if (key.equals(RunFact.NAME_TAG)) {
            return run.name();
        }
        String parent = key.equals(RunFact.PARENT_TAG) ? run.parent() : null;
        return parent == null ? run.tag(key) : parent;
    }

    /**
     * Parses a query.
     *
     * @throws IllegalArgumentException naming the position at which it cannot be read, and what was expected
     */
    public static RunSearch of(RunQuery query) {
        return new RunSearch(
                Search.of(RUNS, query.conditions(), query.order()), query.experiments(), query.visibility());
    }

    /** The names of the experiments whose runs are searched; all of them if it is empty. */
    public List<String> experiments() {
        return experiments;
    }

    /** Whether deleted runs are searched, too, or only those. */
    public Visibility visibility() {
        return visibility;
    }

    /**
     * What was parsed of the conditions, for stores that have others evaluate them: {@code attributes}, {@code metrics},
     * {@code params}, {@code tags} and {@code dataset} with their keys.
     */
    public List<Condition> conditions() {
        return search.conditions();
    }

    /** What was parsed of the order, with the terms that end every order of runs. */
    public List<OrderTerm> order() {
        return search.order();
    }

    /** The order by its first terms only, this many: runs that differ in others are equal. */
    public Comparator<SearchedRun> comparator(int terms) {
        return search.comparator(terms);
    }

    /**
     * A page of the runs that match and that the visibility of the query shows.
     *
     * @throws IllegalArgumentException if the token is of another search
     */
    public Page<RunInfo> page(Stream<RunInfo> runs, PageRequest request) {
        return page(shown(runs), WholeRun::run, request);
    }

    /**
     * All runs that match and that the visibility of the query shows, in order, from one pass over them. Not thread-safe.
     */
    public Iterator<RunInfo> allOf(Stream<RunInfo> runs) {
        Iterator<WholeRun> all = all(shown(runs));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public RunInfo next() {
                return all.next().run();
            }
        };
    }

    private Stream<WholeRun> shown(Stream<RunInfo> runs) {
        return runs.filter(run -> visibility.shows(run.deleted())).map(WholeRun::new);
    }

    /**
     * A page of the runs that match, in order, deleted or not: a store knows best where those lie. Keeps no more than a
     * page while it looks at them.
     *
     * @param whole asked for the runs on the page only
     * @throws IllegalArgumentException if the token is of another search
     */
    public <R extends SearchedRun> Page<RunInfo> page(
            Stream<R> runs, Function<? super R, RunInfo> whole, PageRequest request) {
        return search.page(runs, whole, request);
    }

    /**
     * A page of the runs that match, in order, deleted or not, from runs that come in the order of its first terms
     * already: asks for no more of them once the page is certain.
     *
     * @param sorted how many terms those are; with none of them all runs are looked at
     * @throws IllegalArgumentException if the token is of another search
     */
    public <R extends SearchedRun> Page<R> page(Iterator<R> runs, int sorted, PageRequest request) {
        return search.page(runs, sorted, request);
    }

    /**
     * All runs that match, in order, deleted or not, from one pass over them: each next one is found when it is asked for.
     * Not thread-safe.
     */
    public <R extends SearchedRun> Iterator<R> all(Stream<R> runs) {
        return search.all(runs);
    }
}
