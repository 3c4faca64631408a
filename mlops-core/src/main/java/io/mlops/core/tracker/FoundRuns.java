package io.mlops.core.tracker;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Listing;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a search; whoever reads all of them has the store go through its runs once. Thread-safe.
 *
 * @param experiments checks that an experiment is there, or throws
 */
record FoundRuns(RunStore store, RunQuery query, Consumer<String> experiments) implements Listing<RunInfo> {
    @Override
    public Page<RunInfo> page(PageRequest request) {
        Page<RunInfo> page = store.search(query, request);
        if (request.token() == null) {
            checkExperiments(page.items().stream().map(RunInfo::experiment).collect(Collectors.toSet()));
        }
        return page;
    }

    /** Checks those named experiments that no run was found of, since nobody asks for one that is not there on purpose. */
    private void checkExperiments(Set<String> found) {
        for (String name : query.experiments()) {
            if (!found.contains(name)) {
                experiments.accept(name);
            }
        }
    }

    @Override
    public List<RunInfo> first(int n) {
        return n > Limits.PAGE ? stream().limit(n).toList() : Listing.super.first(n);
    }

    @Override
    public Iterator<RunInfo> iterator() {
        return new Iterator<>() {
            /** Asked for when somebody reads; null before. */
            private @Nullable Iterator<RunInfo> all;

            @Override
            public boolean hasNext() {
                return all().hasNext();
            }

            @Override
            public RunInfo next() {
                return all().next();
            }

            private Iterator<RunInfo> all() {
                if (all == null) {
                    all = store.searchAll(query);
                    // With one experiment, a run that was found is one of it.
                    boolean certain = query.experiments().size() == 1 && all.hasNext();
                    checkExperiments(certain ? Set.copyOf(query.experiments()) : Set.of());
                }
                return all;
            }
        };
    }

    /** Tells people which runs a listing has. */
    static String shown(RunQuery query) {
        StringBuilder text = new StringBuilder("runs");
        if (!query.experiments().isEmpty()) {
            text.append(" of ").append(String.join(", ", query.experiments()));
        }
        if (!query.conditions().isEmpty()) {
            text.append(" where ").append(String.join(" AND ", query.conditions()));
        }
        if (!query.order().isEmpty()) {
            text.append(" by ").append(String.join(", ", query.order()));
        }
        return query.visibility() == Visibility.ACTIVE
                ? text.toString()
                : text.append(query.visibility() == Visibility.ALL ? ", deleted ones, too" : ", deleted ones only")
                        .toString();
    }
}
