package io.mlops.core.tracker;

import io.mlops.api.common.Limits;
import io.mlops.api.common.Listing;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runs of a search; whoever reads all of them has the store go through its runs once. Thread-safe. */
record FoundRuns(RunStore store, RunQuery query) implements Listing<RunInfo> {
    @Override
    public Page<RunInfo> page(PageRequest request) {
        return store.search(query, request);
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
                }
                return all;
            }
        };
    }
}
