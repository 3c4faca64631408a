package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Progress;
import io.mlops.api.common.SyncReport;
import io.mlops.api.spi.Backend;
import io.mlops.contract.SampleStore;
import io.mlops.contract.StoreContents;
import io.mlops.core.Mlops;
import io.mlops.core.memory.MemoryBackend;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that stores are copied to folders and from them. */
final class StoreSyncTest {
    @TempDir
    private Path folder;

    private static SyncReport copy(Backend from, Backend to) {
        try (Mlops mlops = Mlops.using(from)) {
            return mlops.sync(to, Progress.none());
        }
    }

    @Test
    void intoAFolderIntoAnotherAndBackNothingIsLost() {
        MemoryBackend source = new MemoryBackend();
        SampleStore.fill(source);
        SortedMap<String, String> whole = StoreContents.of(source);
        MemoryBackend back = new MemoryBackend();
        try (Backend first = FsBackend.at(folder.resolve("first"));
                Backend second = FsBackend.at(folder.resolve("second"))) {
            assertThat(copy(source, first).conflicts()).isEmpty();
            assertThat(StoreContents.of(first)).isEqualTo(whole);

            assertThat(copy(first, second).conflicts()).isEmpty();
            assertThat(StoreContents.of(second)).isEqualTo(whole);
            assertThat(copy(first, second).isUnchanged()).isTrue();

            assertThat(copy(second, back).conflicts()).isEmpty();
            assertThat(StoreContents.of(back)).isEqualTo(whole);
            assertThat(copy(back, first).isUnchanged()).isTrue();
        }
    }

    @Test
    void aFolderIsNotCopiedToItself() {
        try (Backend first = FsBackend.at(folder);
                Backend second = FsBackend.at(folder)) {
            assertThatThrownBy(() -> copy(first, second)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
