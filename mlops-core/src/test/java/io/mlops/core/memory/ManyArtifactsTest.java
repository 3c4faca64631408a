package io.mlops.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.RunDraft;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Artifacts one by one cost the same however many there are. */
final class ManyArtifactsTest {
    private static final RunId ID = new RunId("run-1");
    private static final Content CONTENT = Content.text("text");

    private final MemoryBackend backend = new MemoryBackend();

    @Test
    void oneMoreAllocatesAsMuchAmongManyAsAmongFew() {
        backend.runs().create(new RunDraft(ID, "churn", "run", Instant.EPOCH, null, Map.of()));
        long before = put(0, 1000);
        long amongFew = put(1000, 2000);
        before += put(2000, 20_000);

        long amongMany = put(20_000, 21_000);

        assertThat(amongMany).isLessThan(2 * amongFew).isLessThan(before);
        assertThat(backend.artifacts()
                        .list(ID, RelativePath.of("step"), PageRequest.first(3))
                        .items())
                .hasSize(3);
    }

    /** Puts these artifacts one by one; returns the bytes that were allocated. */
    private long put(int from, int to) {
        ArtifactStore store = backend.artifacts();
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = from; i < to; i++) {
            var unused = store.put(ID, Map.of(RelativePath.of("step/%06d".formatted(i)), CONTENT));
        }
        return memory.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
