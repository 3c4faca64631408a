package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ChunkPoolTest {
    private final ChunkPool pool = new ChunkPool(100, 0);

    @Test
    void aBurstLikeTheLastOneAllocatesNothing() {
        List<PointChunk> first = borrow(100);
        giveBack(first);

        assertThat(borrow(100)).containsExactlyInAnyOrderElementsOf(first);
        assertThat(pool.borrow()).as("more than there may be").isNull();
    }

    @Test
    void whatIsNeededNowAndThenIsKept() {
        for (int second = 0; second < 60; second++) {
            if (second % 5 == 0) {
                giveBack(borrow(80));
            }
            pool.trim(Duration.ofSeconds(second).toNanos());
        }

        assertThat(pool.spares()).isEqualTo(80);
    }

    @Test
    void whatNobodyNeedsForAWhileIsLetGo() {
        giveBack(borrow(80));
        for (int second = 0; second < 30; second++) {
            giveBack(borrow(3));
            pool.trim(Duration.ofSeconds(second).toNanos());
        }

        assertThat(pool.spares()).isEqualTo(3);
    }

    @Test
    void manyRunsThatEndLeaveNoMoreThanTheBuffers() {
        giveBackFirst(Stream.generate(pool::first).limit(1000).toList());

        assertThat(pool.spares()).isEqualTo(101);
    }

    private List<PointChunk> borrow(int count) {
        return Stream.generate(pool::borrow).limit(count).toList();
    }

    private void giveBack(List<PointChunk> chunks) {
        chunks.forEach(chunk -> pool.giveBack(chunk, true));
    }

    private void giveBackFirst(List<PointChunk> chunks) {
        chunks.forEach(chunk -> pool.giveBack(chunk, false));
    }
}
