package io.mlops.backends.fs.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlops.api.common.RunId;
import io.mlops.core.Mlops;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that TensorBoard's EventAccumulator, with which Python programs read event files, finds the same as the
 * library.
 */
@NeedsPeer(Peer.PYTHON)
final class EventAccumulatorTest {
    private static final double[] VALUES = {
        0.1,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -0.0,
        1e300,
        Double.MIN_VALUE,
        Float.MIN_VALUE,
        -7
    };

    @TempDir
    private Path store;

    @Test
    void readsEveryTagStepAndValue() throws Exception {
        try (Mlops mlops = Mlops.open("file:" + store)) {
            RunId id = mlops.tracker().run("read by python", run -> {
                for (double value : VALUES) {
                    run.metric("größe in mm", value);
                }
                for (long step = -50; step < 2_000; step++) {
                    run.metric("val/loss", 1.0 / step, step * 1_000_000_000L);
                    run.metric("loss", Math.sin((double) step), step * 1_000_000_000L);
                }
            });
            Map<String, List<Scalar>> expected = new TreeMap<>();
            for (String tag : List.of("größe in mm", "val/loss", "loss")) {
                expected.put(tag, Scalar.expected(mlops.tracker(), id, tag));
            }
            assertThat(expected.get("loss")).hasSize(2_050);
            String experiment = mlops.tracker()
                    .experiments()
                    .find("read by python")
                    .orElseThrow()
                    .storeId();
            JsonNode read = new ObjectMapper()
                    .readTree(Program.python(
                            "read_events.py",
                            store.resolve("experiments").resolve(experiment).resolve(id.value())));
            Map<String, List<Scalar>> found = new TreeMap<>();
            read.fieldNames().forEachRemaining(tag -> found.put(tag, Scalar.shown(read.get(tag))));
            assertThat(found).isEqualTo(expected);
            assertThat(found.get("größe in mm").stream().map(Scalar::value))
                    .containsExactlyElementsOf(DoubleStream.of(VALUES)
                            .mapToObj(value -> (float) value)
                            .toList());
        }
    }
}
