package io.mlops.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Progress;
import io.mlops.api.common.SyncReport;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.Capability;
import io.mlops.contract.SampleStore;
import io.mlops.contract.StoreContents;
import io.mlops.core.Mlops;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Tests that stores are copied to backends that promise nothing, such as to know writers, digests or ranges, and back. */
final class WeakSyncTest {
    private static final Set<Capability> PROMISES = EnumSet.complementOf(EnumSet.of(Capability.PERSISTENT));

    private final MemoryBackend source = new MemoryBackend();
    private final Backend weak = new WeakBackend(PROMISES, PROMISES);

    private static SyncReport copy(Backend from, Backend to) {
        try (Mlops mlops = Mlops.using(from)) {
            return mlops.sync(to, Progress.none());
        }
    }

    @Test
    void thereAndBackNothingIsLostNorTwice() {
        SampleStore.fill(source);
        SortedMap<String, String> whole = StoreContents.of(source);
        MemoryBackend back = new MemoryBackend();

        assertThat(copy(source, weak).conflicts()).isEmpty();
        SyncReport again = copy(source, weak);
        assertThat(copy(weak, back).conflicts()).isEmpty();

        assertThat(again.isUnchanged()).isTrue();
        assertThat(StoreContents.of(back)).isEqualTo(whole);
        assertThat(back.runs().get(SampleStore.WHOLE).metrics().get("loss").range())
                .isEqualTo(source.runs()
                        .get(SampleStore.WHOLE)
                        .metrics()
                        .get("loss")
                        .range());
    }
}
