package io.mlops.backends.http.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.standin.TestServer;
import io.mlops.backends.http.wire.Wire;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that whatever is searched for on a server is what memory finds, in the same order. */
final class GeneratedSearchTest {
    /** Another number tries other runs and queries. */
    private static final long SEED = Long.getLong("mlops.test.seed", 1);

    private static final int LARGE_PAGE = 1000;

    @ParameterizedTest
    @EnumSource(Release.class)
    void onAStandIn(Release release) throws IOException {
        try (StandIn server = StandIn.start(release)) {
            server.empty();
            findsWhatMemoryFinds(server.address(), 60, 150);
        }
    }

    @Test
    @NeedsServer(Release.V3_17)
    void onVersion3(TestServer server) throws IOException {
        server.empty();
        findsWhatMemoryFinds(server.address(), 40, Integer.getInteger("mlops.test.queries", 25));
    }

    @Test
    @NeedsServer(Release.V2_22)
    void onVersion2(TestServer server) throws IOException {
        server.empty();
        findsWhatMemoryFinds(server.address(), 40, Integer.getInteger("mlops.test.queries", 25));
    }

    private static void findsWhatMemoryFinds(String address, int count, int queries) {
        try (Wire wire = Wire.to(address, HttpSettings.standard());
                MemoryBackend memory = new MemoryBackend()) {
            Random random = new Random(SEED);
            GeneratedRuns runs = new GeneratedRuns(wire, memory.runs(), random);
            runs.make(count);
            ExperimentIds experiments = new ExperimentIds(wire);
            RunFinder finder = new RunFinder(wire, new ServerFacts(wire), experiments, new RunIds(wire, experiments));
            GeneratedQueries generated = new GeneratedQueries(random, runs.ids());
            for (int i = 0; i < queries; i++) {
                RunQuery query = generated.next();
                int limit = 1 + random.nextInt(20);
                List<String> expected = ids(page -> memory.runs().search(query, page), LARGE_PAGE);

                assertThat(ids(page -> finder.page(query, page), limit))
                        .as("%s by %s", query, limit)
                        .isEqualTo(expected);
                List<String> all = new ArrayList<>();
                finder.all(query).forEachRemaining(run -> all.add(run.id().value()));
                assertThat(all).as("all of %s", query).isEqualTo(expected);
            }
        }
    }

    private static List<String> ids(Function<PageRequest, Page<RunInfo>> search, int limit) {
        List<String> ids = new ArrayList<>();
        @Nullable String token = null;
        do {
            Page<RunInfo> page = search.apply(new PageRequest(limit, token));
            page.items().forEach(run -> ids.add(run.id().value()));
            token = page.next();
        } while (token != null);
        return ids;
    }
}
