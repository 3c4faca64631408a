package io.mlops.backends.fs.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.backends.fs.FsBackend;
import io.mlops.backends.fs.quiet.QuietExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkDisksTest {
    private final TestLogger log = TestLoggerFactory.getTestLogger(NetworkDisks.class);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.glusterfs", "9p", "NFS"})
    @QuietExtension.Warned
    void aNetworkFileSystemIsNamed(String type) {
        NetworkDisks.warn(Path.of("store"), type);

        assertThat(log.getAllLoggingEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("store", type, "one machine"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "apfs", "NTFS", "tmpfs", "overlay", "fuse.fuse-overlayfs"})
    void aLocalOneIsNot(String type) {
        NetworkDisks.warn(Path.of("store"), type);

        assertThat(log.getAllLoggingEvents()).isEmpty();
    }

    @Test
    void openingAStoreLooksAtItsDisk() {
        FsBackend.at(folder.resolve("store")).close();

        assertThat(log.getAllLoggingEvents()).isEmpty();
    }
}
