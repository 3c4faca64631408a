package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.backends.fs.quiet.QuietExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a process whose n-th rename, link, sync, unlink, mkdir or write the system refuses, and which then tries again:
 * one of each, chosen anew each time, or with {@code -Dmlops.faults=25} each of them.
 */
@NeedsPeer(Peer.STRACE)
@QuietExtension.Warned
final class StepErrorTest {
    @TempDir
    private Path folder;

    @Test
    void whatFailsSaysWhyAndIsDoneByTheNextTry() throws Exception {
        for (StepRun.Call call : StepRun.calls(folder)) {
            String when = "failed at " + call;
            Path store = folder.resolve(call.toString());

            StepRun run = StepRun.of(store, Strace.fail(call.name(), "EIO", call.number()), 1);

            assertThat(run.failures())
                    .as(when)
                    .allSatisfy(failure -> assertThat(failure)
                            .startsWith("failed BackendUnavailableException cannot ")
                            .contains("Input/output error", store.toString()));
            assertThat(run.finished()).as(when).isTrue();
            StepCheck.acknowledged(store, run.done(), when);
            StepCheck.goesOn(store, when);
        }
    }
}
