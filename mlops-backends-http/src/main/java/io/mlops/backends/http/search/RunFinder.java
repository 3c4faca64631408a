package io.mlops.backends.http.search;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.Listed;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerExperiment;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.query.RunSearch;
import io.mlops.core.query.WholeRun;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Searches a server for runs. Thread-safe. */
public final class RunFinder {
    /** Number of experiments that one request names. */
    private static final int PORTION = 1000;
    /** More names than this are looked up by one listing of all experiments. */
    private static final int FEW_NAMES = 5;

    private static final int LARGEST_PAGE = RunRequests.LARGEST_PAGE;
    private static final int SMALL_PAGE = 100;

    private final Wire wire;
    private final ServerFacts facts;
    private final ExperimentIds experiments;
    private final RunIds runs;

    /** The runs of the server at the other end of the wire. */
    public RunFinder(Wire wire, ServerFacts facts, ExperimentIds experiments, RunIds runs) {
        this.wire = wire;
        this.facts = facts;
        this.experiments = experiments;
        this.runs = runs;
    }

    /**
     * A page of the runs that a query finds.
     *
     * @throws IllegalArgumentException if a condition, the order or the token cannot be read
     */
    public Page<RunInfo> page(RunQuery query, PageRequest request) {
        RunSearch search = RunSearch.of(query);
        String token = request.token();
        PageToken after = token == null ? null : PageToken.read(token);
        SentOrder order = SentOrder.of(search.order());
        List<RunListing> listings = listings(search, order, after, request.limit());
        Page<WholeRun> page = search.page(
                new MergedRuns(listings, search.comparator(order.sorted())),
                order.sorted(),
                new PageRequest(request.limit(), after == null ? null : after.place()));
        String place = page.next();
        List<RunInfo> found = page.items().stream().map(WholeRun::run).toList();
        if (place == null) {
            return new Page<>(found, null);
        }
        WholeRun last = page.items().get(page.items().size() - 1);
        return new Page<>(found, new PageToken(place, marks(listings, last, search, order)).write());
    }

    /** From where on the server has to be asked again for what comes after a run. */
    private static List<String> marks(List<RunListing> listings, WholeRun last, RunSearch search, SentOrder order) {
        if (order.sorted() == 0) {
            return List.of();
        }
        if (order.start() != null) {
            return List.of(Long.toString(last.startedMillis()));
        }
        return listings.stream()
                .map(listing -> listing.mark(last, search.comparator(order.sorted())))
                .toList();
    }

    /**
     * All runs that a query finds, in order, read as they are asked for.
     *
     * @throws IllegalArgumentException if a condition or the order cannot be read
     */
    public Iterator<RunInfo> all(RunQuery query) {
        RunSearch search = RunSearch.of(query);
        SentOrder order = SentOrder.of(search.order());
        List<RunListing> listings = listings(search, order, null, LARGEST_PAGE);
        return new RunsByGroup(search, new MergedRuns(listings, search.comparator(order.sorted())), order.sorted());
    }

    private List<RunListing> listings(RunSearch search, SentOrder order, @Nullable PageToken after, int limit) {
        List<String> ids = experimentIds(search);
        if (ids.isEmpty()) {
            return List.of();
        }
        SentFilter filter = new Narrowing(new KnownDialect(search, ids)).of(search.conditions(), order.keys());
        List<String> marks = after == null ? List.of() : after.marks();
        if (order.start() != null && !marks.isEmpty()) {
            filter = filter.and(order.from(PageToken.millis(marks.get(0))));
            marks = List.of();
        }
        boolean fewAreEnough = order.sorted() > 0 && filter.whole();
        int first = fewAreEnough ? limit + 2 : Math.max(limit + 2, order.sorted() == 0 ? LARGEST_PAGE : SMALL_PAGE);
        List<RunListing> listings = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += PORTION) {
            List<String> portion = ids.subList(from, Math.min(ids.size(), from + PORTION));
            for (String one : filter.filters()) {
                String mark = listings.size() < marks.size() ? marks.get(listings.size()) : "";
                RunRequests requests = new RunRequests(wire, search.visibility(), portion, order.terms(), one, first);
                listings.add(new RunListing((token, before) -> answer(requests, token, before, search), mark));
            }
        }
        return listings;
    }

    private RunListing.Answer answer(RunRequests requests, String token, int before, RunSearch search) {
        Listed<ServerRun> page = requests.page(token, before);
        List<WholeRun> shown = page.items().stream()
                .filter(run -> !run.tags().containsKey(Reserved.DUPLICATE_OF))
                .filter(run -> search.visibility().shows(run.deleted()))
                .map(run -> new WholeRun(runs.info(run)))
                .toList();
        return new RunListing.Answer(shown, page.token());
    }

    /** The ids of the experiments whose runs may be found. */
    private List<String> experimentIds(RunSearch search) {
        List<String> names = search.experiments().stream().distinct().toList();
        Stream<ServerExperiment> found = names.isEmpty() || names.size() > FEW_NAMES
                ? experiments.all().stream().filter(experiment -> names.isEmpty() || names.contains(experiment.name()))
                : names.stream().flatMap(name -> experiments.find(name).stream());
        return found.filter(experiment -> !experiment.isHidden())
                .filter(experiment -> search.visibility() != Visibility.ACTIVE || !experiment.deleted())
                .map(ServerExperiment::id)
                .sorted()
                .toList();
    }

    /** What the server understands, for one search. */
    private final class KnownDialect implements Dialect {
        private final RunSearch search;
        private final List<String> experimentIds;

        KnownDialect(RunSearch search, List<String> experimentIds) {
            this.search = search;
            this.experimentIds = experimentIds;
        }

        @Override
        public boolean knowsNull() {
            return !facts.isBefore(3, 11, 1);
        }

        @Override
        public boolean joinsData() {
            return !facts.isBefore(3, 17, 0);
        }

        @Override
        public boolean mayShortenNames() {
            String shortened = "tags.`" + Reserved.NAME + "` LIKE '%'";
            return experimentIds.size() > PORTION
                    || !new RunRequests(wire, search.visibility(), experimentIds, List.of(), shortened, 1)
                            .page("", 0)
                            .items()
                            .isEmpty();
        }
    }
}
