package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.memory.MemoryBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The questions that a listing of runs puts to the store. */
final class FoundRunsTest {
    private static final int RUNS = 2_500;

    private final MemoryBackend backend = new MemoryBackend();
    private final List<String> asked = new ArrayList<>();

    private FoundRuns runs() {
        for (int i = 0; i < RUNS; i++) {
            RunDraft draft = new RunDraft(new RunId("r" + i), "churn", "n", Instant.EPOCH, null, Map.of());
            assertThat(backend.runs().create(draft).deleted()).isFalse();
        }
        RunStore store = (RunStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RunStore.class}, (proxy, method, arguments) -> {
                    asked.add(method.getName());
                    try {
                        return method.invoke(backend.runs(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return new FoundRuns(store, RunQuery.of("churn"), name -> asked.add("experiment " + name));
    }

    @Test
    void whoReadsAllAsksOnceWhenReading() {
        FoundRuns runs = runs();
        List<RunInfo> all = new ArrayList<>();
        var unread = runs.stream();
        assertThat(asked).isEmpty();

        runs.forEach(all::add);
        assertThat(all).hasSize(RUNS).doesNotHaveDuplicates();
        assertThat(runs.first(20_000)).isEqualTo(all);
        assertThat(unread.toList()).isEqualTo(all);
        assertThat(asked).containsExactly("searchAll", "searchAll", "searchAll");
    }

    @Test
    void whoWantsAFewAsksForAPage() {
        FoundRuns runs = runs();
        Page<RunInfo> page = runs.page(PageRequest.first(7));

        assertThat(runs.first(7)).isEqualTo(page.items());
        assertThat(runs.findFirst()).contains(page.items().get(0));
        assertThat(asked).containsOnly("search");
    }
}
