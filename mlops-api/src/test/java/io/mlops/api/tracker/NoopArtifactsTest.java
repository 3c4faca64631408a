package io.mlops.api.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.artifact.RunArtifacts;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tracker that records nothing tells a listener all the same that what it was given is done. */
final class NoopArtifactsTest {
    @Test
    void theListenerHearsThatAllIsDoneAtOnce() {
        List<String> heard = new ArrayList<>();
        RunArtifacts artifacts = Tracker.noop()
                .start(RunSpec.of("churn"))
                .artifacts()
                .progress((what, done, total) -> {
                    heard.add(what + " " + done + "/" + total);
                    throw new IllegalStateException("a listener's own bug");
                });

        var one = artifacts.put("a", Content.text("abc"));
        var two = artifacts.put("b", new ByteArrayInputStream(new byte[7]));
        artifacts.put("c", Path.of("nowhere"));

        assertThat(one.bytes()).isEqualTo(3);
        assertThat(two.path().value()).isEqualTo("b");
        assertThat(heard)
                .containsExactly(
                        "store a 0/3", "store a 3/3", "store b 0/0", "store b 0/0", "store c 0/0", "store c 0/0");
        assertThat(artifacts.list()).isEmpty();
    }
}
