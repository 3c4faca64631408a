package io.mlops.backends.http.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.tracker.RunQuery;
import io.mlops.core.query.RunSearch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests what of an order a server is trusted with. */
final class SentOrderTest {
    private static SentOrder sent(String... terms) {
        RunQuery query = RunQuery.of();
        for (String term : terms) {
            query = query.orderBy(term);
        }
        return SentOrder.of(RunSearch.of(query).order());
    }

    private static void isSent(SentOrder order, int sorted, int keys, String... terms) {
        assertThat(order.terms()).isEqualTo(List.of(terms));
        assertThat(order.sorted()).isEqualTo(sorted);
        assertThat(order.keys()).isEqualTo(keys);
    }

    @Test
    void theNewestComeFirstWithoutAWord() {
        isSent(sent(), 1, 0);
        assertThat(sent().from(7)).isEqualTo("attributes.start_time <= 7");
        isSent(sent("start_time"), 2, 0, "attributes.start_time ASC");
        assertThat(sent("start_time").from(7)).isEqualTo("attributes.start_time >= 7");
        assertThat(sent("status").from(7)).isNull();
    }

    @Test
    void metricsStatesAndTimesAreSent() {
        isSent(
                sent("metric.\"val loss\" desc", "Created"),
                3,
                1,
                "metrics.`val loss` DESC",
                "attributes.start_time ASC");
        isSent(sent("status"), 2, 0, "attributes.status ASC");
        isSent(sent("end_time DESC"), 1, 0, "attributes.end_time DESC");
    }

    @Test
    void textsAndIdsAreLeftToTheLibrary() {
        isSent(sent("params.p", "metrics.m"), 0, 0);
        isSent(sent("run_name"), 0, 0);
        isSent(sent("user_id"), 0, 0);
        isSent(sent("metrics.m", "tags.t", "status"), 1, 1, "metrics.`m` ASC");
        isSent(sent("metrics.m", "run_id"), 1, 1, "metrics.`m` ASC");
    }

    @Test
    void whatTheServerPutsElsewhereIsLeftToTheLibrary() {
        isSent(sent("end_time"), 0, 0);
        isSent(sent("end_time DESC", "metrics.m"), 1, 0, "attributes.end_time DESC");
        isSent(sent("max(metrics.m)"), 0, 0);
        isSent(sent("metrics.`m `"), 0, 0);
    }

    @Test
    void aFieldIsSaidOnceAndThreeKeysAreEnough() {
        isSent(sent("metrics.m DESC", "metrics.m", "status"), 4, 1, "metrics.`m` DESC", "attributes.status ASC");
        isSent(
                sent("metrics.a", "metrics.b", "metrics.c", "metrics.d"),
                3,
                3,
                "metrics.`a` ASC",
                "metrics.`b` ASC",
                "metrics.`c` ASC");
    }
}
