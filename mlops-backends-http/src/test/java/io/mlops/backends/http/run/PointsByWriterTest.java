package io.mlops.backends.http.run;

import static io.mlops.backends.http.run.Stores.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunStore;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import java.io.IOException;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What it costs a server if somebody copies the points of a run from it. */
final class PointsByWriterTest {
    private static final int KEYS = 1000;

    private static long asked(StandIn server, String endpoint) {
        return server.requests().stream()
                .filter(request -> request.endsWith(endpoint))
                .count();
    }

    @ParameterizedTest
    @EnumSource(
            value = Release.class,
            names = {"V2_22", "V3_17"})
    void aRunWithAThousandMetricsIsReadInOnePass(Release release) throws IOException {
        try (StandIn server = StandIn.start(release);
                HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard())) {
            RunStore store = backend.runs();
            var unused = store.create(Stores.fresh(ID));
            MetricColumns points = new MetricColumns();
            for (int i = 0; i < 2 * KEYS; i++) {
                points.add("m" + i % KEYS, i / KEYS, Stores.NOON.toEpochMilli() + i, i);
            }
            assertThat(store.append(ID, points.batch("w", 0))).isEqualTo(2 * KEYS);
            long before = asked(server, "runs/get");

            SortedMap<String, Long> written = store.written(ID);
            long read = 0;
            for (String writer : written.keySet()) {
                read += store.read(ID, writer, 0, 1000).size();
            }

            assertThat(written)
                    .hasSize(KEYS)
                    .allSatisfy((writer, count) -> assertThat(count).isEqualTo(2));
            assertThat(read).isEqualTo(2 * KEYS);
            assertThat(asked(server, "metrics/get-history")).isEqualTo(2 * KEYS);
            // Once in five seconds.
            assertThat(asked(server, "runs/get") - before).isLessThan(30);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Release.class,
            names = {"V2_22", "V3_17"})
    void aLongHistoryIsReadOnHoweverShortTheParts(Release release) throws IOException {
        int count = 20_000;
        try (StandIn server = StandIn.start(release);
                HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard())) {
            RunStore store = backend.runs();
            var unused = store.create(Stores.fresh(ID));
            assertThat(store.append(ID, Stores.points("w", 0, count))).isEqualTo(count);
            String writer = store.written(ID).firstKey();

            long offset = 0;
            MetricBatch batch = store.read(ID, writer, 0, 999);
            while (batch.size() > 0) {
                assertThat(batch.step(0)).isEqualTo(offset);
                offset += batch.size();
                batch = store.read(ID, writer, offset, 999);
            }

            assertThat(offset).isEqualTo(count);
            assertThat(asked(server, "metrics/get-history")).isLessThan(50);
            assertThat(store.read(ID, writer, 15_000, 10).step(0)).isEqualTo(15_000);
            assertThat(store.read(ID, writer, 15_010, 10).step(0)).isEqualTo(15_010);
        }
    }
}
