package io.mlops.api.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Reading what comes in pages. */
final class ListingTest {
    private final List<PageRequest> asked = new ArrayList<>();

    private Listing<Integer> numbers(int count) {
        return request -> {
            asked.add(request);
            int from = request.token() == null ? 0 : Integer.parseInt(request.token());
            int to = Math.min(count, from + request.limit());
            List<Integer> items = new ArrayList<>();
            for (int i = from; i < to; i++) {
                items.add(i);
            }
            return new Page<>(items, to < count ? Integer.toString(to) : null);
        };
    }

    @Test
    void everyPageIsReadAndNoneTwice() {
        assertThat(numbers(2500)).hasSize(2500).doesNotHaveDuplicates();
        assertThat(numbers(2500).stream()).hasSize(2500);
        assertThat(numbers(0)).isEmpty();
    }

    @Test
    void onlyWhatIsWantedIsAskedFor() {
        assertThat(numbers(2500).first(3)).containsExactly(0, 1, 2);
        assertThat(numbers(2500).findFirst()).contains(0);
        assertThat(asked).extracting(PageRequest::limit).containsExactly(3, 1);
        assertThat(numbers(2).first(5)).containsExactly(0, 1);
        assertThat(numbers(2500).first(0)).isEmpty();
    }

    @Test
    void howeverManyAreWantedAPageIsOfModestSize() {
        assertThat(numbers(25_000).first(Integer.MAX_VALUE)).hasSize(25_000);
        assertThat(asked).extracting(PageRequest::limit).containsOnly(10_000).hasSize(3);
        assertThat(new PageRequest(Integer.MAX_VALUE, "x").limit()).isEqualTo(10_000);
        assertThatThrownBy(() -> numbers(5).first(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void anEmptyPageIsNotTheLast() {
        Map<String, Page<Integer>> pages = Map.of(
                "", new Page<>(List.of(), "a"), "a", new Page<>(List.of(), "b"), "b", new Page<>(List.of(1), null));
        Listing<Integer> listing = request -> pages.get(request.token() == null ? "" : request.token());

        assertThat(listing).containsExactly(1);
        assertThat(listing.findFirst()).contains(1);
    }

    @Test
    void aTokenThatRepeatsEndsTheReading() {
        Listing<Integer> confused = request -> new Page<>(request.token() == null ? List.of(1) : List.of(), "again");

        assertThat(confused).containsExactly(1);
    }

    @Test
    void readingBeyondTheEndIsABug() {
        Iterator<Integer> none = numbers(0).iterator();

        assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> PageRequest.first(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAccountAddsUp() {
        assertThat(new Delivery(10, 5, 4, 2, Map.of("b", 1L, "a", 2L)).lost()).isEqualTo(3);
        assertThatThrownBy(() -> new Delivery(10, 5, 5, 2, Map.of())).hasMessageContaining("accepted 10");
        assertThatThrownBy(() -> new Delivery(5, 5, 6, 0, Map.of())).hasMessageContaining("durable 6");
    }
}
