package io.mlops.backends.http.run;

import static io.mlops.backends.http.run.Stores.ID;
import static io.mlops.backends.http.run.Stores.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.wire.Wire;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Tests how histories are read on servers that give them in pages, and on those that give them whole. */
final class HistoriesTest {
    /** All points, page by page; somebody is told the number of each page. */
    private static List<MetricPoint> read(HttpRunStore store, int limit, IntConsumer each) {
        List<MetricPoint> all = new ArrayList<>();
        Page<MetricPoint> page = store.history(ID, "loss", PageRequest.first(limit));
        all.addAll(page.items());
        for (int i = 1; page.next() != null; i++) {
            each.accept(i);
            page = store.history(ID, "loss", new PageRequest(limit, page.next()));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.items());
        }
        return all;
    }

    private static HttpRunStore begun(Stores stores, int points) {
        HttpRunStore store = stores.runs();
        var unused = store.create(Stores.fresh(ID));
        long sent = store.append(ID, Stores.points("w", 0, points));
        assertThat(sent).isEqualTo(points);
        stores.relay().forget();
        return store;
    }

    @Test
    void aPageIsOneRequestForAsMuch() throws IOException {
        try (Stores stores = Stores.of(Release.V3_17)) {
            HttpRunStore store = begun(stores, 2500);

            assertThat(read(store, 500, page -> {})).hasSize(2500).doesNotHaveDuplicates();

            assertThat(stores.relay().said("metrics/get-history"))
                    .hasSizeBetween(5, 6)
                    .allSatisfy(said -> assertThat(said.query()).contains("max_results=501"));
        }
    }

    @Test
    void aHistoryThatTheServerGivesWholeIsAskedForOnce() throws IOException {
        try (Stores stores = Stores.of(Release.V2_22)) {
            HttpRunStore store = begun(stores, 2500);

            assertThat(read(store, 500, page -> {})).hasSize(2500).isSortedAccordingTo(MetricPoint.BY_TIME);

            assertThat(stores.relay().said("metrics/get-history")).hasSize(1);
        }
    }

    @Test
    void anotherProgramGoesOnWithATokenOfAWholeHistory() throws IOException {
        try (Stores stores = Stores.of(Release.V2_22)) {
            Page<MetricPoint> first = begun(stores, 300).history(ID, "loss", PageRequest.first(100));

            Page<MetricPoint> second = stores.runs().history(ID, "loss", new PageRequest(1000, first.next()));

            assertThat(second.items())
                    .extracting(MetricPoint::step)
                    .startsWith(100L)
                    .endsWith(299L);
        }
    }

    @Test
    void pointsThatAreAddedWhileOneReadsNeitherHideNorRepeatAny() throws IOException {
        for (Release release : List.of(Release.V2_22, Release.V3_17)) {
            try (Stores stores = Stores.of(release)) {
                HttpRunStore store = begun(stores, 1000);

                List<MetricPoint> found = read(store, 150, page -> {
                    // Some come after all others, and some at the very beginning.
                    long unused = store.append(ID, Stores.points("w", 1000 + (page - 1) * 10L, 10));
                    long[] early = {page};
                    unused = store.append(ID, MetricBatch.of("v", page - 1, "loss", early, early, new double[1]));
                });

                assertThat(found).doesNotHaveDuplicates().isSortedAccordingTo(MetricPoint.BY_TIME);
                assertThat(found).extracting(MetricPoint::step).contains(0L, 1L, 500L, 999L);
                assertThat(found).hasSizeGreaterThanOrEqualTo(1000);
            }
        }
    }

    /** Each of the server's pages has the same point. */
    @Test
    void tokensThatTakeTurnsEndAHistory() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (StandIn server = StandIn.start(Release.V3_17);
                Wire wire = Wire.to(server.address(), HttpSettings.standard())) {
            server.intercept(request -> {
                int number = asked.getAndIncrement();
                String token = number > 20 ? "" : number % 2 == 0 ? "A" : "B";
                return Reply.json(
                        200,
                        "{\"metrics\": [{\"key\": \"loss\", \"value\": 1, \"step\": 2, \"timestamp\": 3}],"
                                + " \"next_page_token\": \"" + token + "\"}");
            });
            Histories histories = new Histories(wire);

            Page<MetricPoint> page = histories.page("r", "loss", PageRequest.first(10));
            assertThat(page.items()).containsExactly(new MetricPoint(2, Instant.ofEpochMilli(3), 1));
            assertThat(page.next()).isNull();
            assertThat(asked.getAndSet(0)).isEqualTo(3);

            List<MetricPoint> scanned = new ArrayList<>();
            histories.scan("r", "loss", scanned::add);
            assertThat(scanned).hasSize(3);
        }
    }

    @Test
    void nanComesLastOfItsMomentWhereverPagesEnd() throws IOException {
        for (Release release : List.of(Release.V2_22, Release.V3_17)) {
            try (Stores stores = Stores.of(release)) {
                HttpRunStore store = stores.runs();
                var unused = store.create(Stores.fresh(ID));
                double[] values = {Double.NaN, -2, 3, -1, 5};
                double[] all = new double[400];
                Arrays.setAll(all, i -> values[i % 5] * (i + 1));
                long[] moments = new long[400];
                Arrays.setAll(moments, i -> NOON.toEpochMilli() + i / 10);
                long sent = store.append(ID, MetricBatch.of("w", 0, "loss", moments, moments, all));
                assertThat(sent).isEqualTo(400);

                SortedSet<MetricPoint> expected = new TreeSet<>(MetricPoint.BY_TIME);
                for (int i = 0; i < all.length; i++) {
                    expected.add(new MetricPoint(moments[i], Instant.ofEpochMilli(moments[i]), all[i]));
                }
                for (int limit : new int[] {7, 19, 101, 1000}) {
                    assertThat(read(store, limit, page -> {}))
                            .as("%s by %d", release, limit)
                            .containsExactlyElementsOf(expected);
                }
            }
        }
    }
}
