package io.mlops.backends.fs.peers;

import static org.awaitility.Awaitility.await;

import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests TensorBoard on more runs than a process may usually have files open, which is 1024. Its default loader keeps
 * all of them open: it then shows a thousand or so, and warns, or does not even start. What README advises shows all.
 */
@NeedsPeer(Peer.PYTHON)
final class TensorBoardHandlesTest {
    private static final int RUNS = 1200;
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path store;

    private static void awaitAll(TensorBoard board) {
        await().atMost(LONG).until(() -> board.runs("many").size() == RUNS);
    }

    @Test
    void allAreShownByTheClassicLoaderOrWithAHigherLimit() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store)) {
            for (int i = 0; i < RUNS; i++) {
                var unused = mlops.tracker().run(RunSpec.of("many").id("job-" + i), run -> run.metric("n", 1));
            }
        }
        try (TensorBoard classic = TensorBoard.startWithFiles(1024, store, "--load_fast=false")) {
            awaitAll(classic);
        }
        try (TensorBoard fast = TensorBoard.startWithFiles(4096, store)) {
            awaitAll(fast);
        }
    }
}
