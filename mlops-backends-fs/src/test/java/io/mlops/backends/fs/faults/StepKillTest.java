package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/**
 * Tests a process that is killed at its n-th rename, link, sync, unlink, mkdir or write: one of each, chosen anew each
 * time, or with {@code -Dmlops.faults=25} each of them.
 */
@NeedsPeer(Peer.STRACE)
final class StepKillTest {
    @TempDir
    private Path folder;

    @Test
    void whateverWasAcknowledgedIsThereAndTheJobGoesOn() throws Exception {
        for (StepRun.Call call : StepRun.calls(folder)) {
            String when = "killed at " + call;
            Path store = folder.resolve(call.toString());

            StepRun killed = StepRun.of(store, Strace.kill(call.name(), call.number()), 0);

            assertThat(killed.finished()).as(when).isFalse();
            StepCheck.acknowledged(store, killed.done(), when);
            StepCheck.goesOn(store, when);
            assertThat(TestLoggerFactory.getAllLoggingEvents())
                    .as("%s: nothing is damaged", when)
                    .noneMatch(event -> event.getLevel() == Level.WARN);
        }
    }
}
