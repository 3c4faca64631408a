package io.mlops.backends.http.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.query.RunSearch;
import io.mlops.core.query.WholeRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests how the pages of a server become one order of runs, and where the next page goes on. */
final class MergedRunsTest {
    private static final RunSearch NEWEST_FIRST = RunSearch.of(RunQuery.of());
    private static final Comparator<? super WholeRun> BY_START = NEWEST_FIRST.comparator(1);

    /** A server that gives its runs two at a time, by tokens that count. */
    private static final class Server implements RunListing.Server {
        private final List<WholeRun> runs;
        private final List<String> asked = new ArrayList<>();

        Server(WholeRun... runs) {
            this.runs = List.of(runs);
        }

        @Override
        public RunListing.Answer page(String token, int before) {
            assertThat(before).isEqualTo(asked.size());
            asked.add(token);
            int from = token.isEmpty() ? 0 : Integer.parseInt(token);
            int to = Math.min(from + 2, runs.size());
            return new RunListing.Answer(runs.subList(from, to), to < runs.size() ? Integer.toString(to) : null);
        }
    }

    private static WholeRun run(String id, int started) {
        Instant start = Instant.ofEpochMilli(started);
        return new WholeRun(new RunDraft(new RunId(id), "x", id, start, null, Map.of()).begun(id));
    }

    private static List<String> ids(Iterator<WholeRun> runs) {
        List<String> ids = new ArrayList<>();
        runs.forEachRemaining(run -> ids.add(run.id()));
        return ids;
    }

    @Test
    void noPageIsAskedForBeforeItIsNeeded() {
        Server server = new Server(run("a", 3), run("b", 2), run("c", 1));
        RunListing listing = new RunListing(server, "");
        assertThat(server.asked).isEmpty();

        assertThat(listing.next().id()).isEqualTo("a");
        assertThat(listing.next().id()).isEqualTo("b");
        assertThat(server.asked).containsExactly("");
        assertThat(listing.next().id()).isEqualTo("c");
        assertThat(listing.hasNext()).isFalse();
        assertThat(server.asked).containsExactly("", "2");
        assertThatThrownBy(listing::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void listingsAreOneOrderAndARunComesOnce() {
        RunListing some = new RunListing(new Server(run("a", 9), run("b", 5), run("c", 5)), "");
        RunListing others = new RunListing(new Server(run("d", 7), run("b", 5), run("e", 1)), "");
        RunListing none = new RunListing(new Server(), "");
        MergedRuns runs = new MergedRuns(List.of(some, none, others), BY_START);

        assertThat(ids(runs)).containsExactly("a", "d", "b", "c", "e");
        assertThatThrownBy(runs::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void theNextPageGoesOnWhereEqualRunsBegin() {
        Server server = new Server(run("a", 9), run("b", 5), run("c", 5), run("d", 5), run("e", 5), run("f", 1));
        RunListing listing = new RunListing(server, "");
        listing.forEachRemaining(run -> {});

        assertThat(listing.mark(run("x", 9), BY_START)).isEmpty();
        assertThat(listing.mark(run("x", 5), BY_START))
                .as("one of the first page")
                .isEmpty();
        assertThat(listing.mark(run("x", 2), BY_START)).isEqualTo("4");
        assertThat(listing.mark(run("x", 0), BY_START)).isEqualTo("4");
        assertThat(new RunListing(server, "2").mark(run("x", 0), BY_START))
                .as("nothing read")
                .isEqualTo("2");
    }

    @Test
    void tokensThatRepeatEndAListing() {
        RunListing.Server endless = (token, before) -> new RunListing.Answer(List.of(run("a" + before, 1)), "again");

        assertThat(ids(new RunListing(endless, ""))).containsExactly("a0", "a1");
    }

    @Test
    void pagesWithoutAVisibleRunArePassedOver() {
        RunListing.Server sparse = (token, before) -> before < 5
                ? new RunListing.Answer(List.of(), Integer.toString(before))
                : new RunListing.Answer(List.of(run("a", 1)), null);

        assertThat(ids(new RunListing(sparse, ""))).containsExactly("a");
    }

    @Test
    void equalRunsArePutInOrderWhileTheOthersAreNotReadYet() {
        Server server =
                new Server(run("c", 9), run("b", 9), run("a", 9), run("z", 5), run("y", 4), run("x", 3), run("w", 2));
        RunsByGroup runs = new RunsByGroup(NEWEST_FIRST, new RunListing(server, ""), 1);
        List<String> first = IntStream.range(0, 3)
                .mapToObj(unused -> runs.next().id().value())
                .toList();

        assertThat(first).containsExactly("a", "b", "c");
        assertThat(server.asked).containsExactly("", "2");
        List<String> rest = new ArrayList<>();
        runs.forEachRemaining(run -> rest.add(run.id().value()));
        assertThat(rest).containsExactly("z", "y", "x", "w");
        assertThatThrownBy(runs::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void aTokenIsReadAsItWasWrittenAndNothingElseIs() {
        PageToken token = new PageToken("place", List.of("", "größe", "7"));
        String written = token.write();

        assertThat(PageToken.read(written)).isEqualTo(token);
        assertThat(PageToken.millis("7")).isEqualTo(7);
        for (String other : List.of("", "x", "LTAw", "////", "AAAA", written.substring(1), written + "AA")) {
            assertThatThrownBy(() -> PageToken.read(other))
                    .as(other)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token is not of this search");
        }
        assertThatThrownBy(() -> PageToken.millis("x")).hasMessageContaining("token is not of this search");
    }
}
