package io.mlops.backends.fs.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class VolumesTest {
    @Test
    void aMountIsReadWithItsBlanks() {
        assertThat(Volumes.mountPoint(
                        "36 35 98:0 /a /data/my\\040store/models rw,noatime master:1 - ext3 /dev/root rw"))
                .isEqualTo("/data/my store/models");
        assertThat(Volumes.mountPoint("no mount")).isEmpty();
    }
}
