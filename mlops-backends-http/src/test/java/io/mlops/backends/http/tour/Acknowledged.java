package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlops.backends.http.standin.RawClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What a server itself says of a metric, whose value is a number of its own for each point. Not for instances. */
final class Acknowledged {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Acknowledged() {}

    /** Asserts that the first values are there, each once, and none of the others twice. */
    static void assertThere(RawClient server, String storeId, String key, long first) throws IOException {
        Map<Long, Integer> times = new HashMap<>();
        String token = "";
        do {
            JsonNode page = JSON.readTree(server.get("metrics/get-history?run_id=" + storeId + "&metric_key=" + key
                    + "&max_results=20000" + (token.isEmpty() ? "" : "&page_token=" + token)));
            for (JsonNode point : page.path("metrics")) {
                times.merge(point.get("value").asLong(), 1, Integer::sum);
            }
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());
        assertThat(times)
                .as("points of " + key + " by their number")
                .allSatisfy((number, count) ->
                        assertThat(count).as("point %d", number).isEqualTo(1));
        for (long number = 0; number < first; number++) {
            assertThat(times).as("acknowledged were %d points", first).containsKey(number);
        }
    }
}
