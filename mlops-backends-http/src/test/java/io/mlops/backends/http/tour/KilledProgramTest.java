package io.mlops.backends.http.tour;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.RealServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.standin.Straight;
import io.mlops.backends.http.standin.TestServer;
import io.mlops.core.Mlops;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program that records one run, killed at any moment, and begun again; more often in profile faults. */
final class KilledProgramTest {
    private static final int ROUNDS = 2 + Integer.getInteger("mlops.faults", 1);
    private static final String NUMBERS = "n";

    /** Goes on where the last one was killed, and prints how many points were acknowledged. */
    static final class Working {
        public static void main(String[] arguments) {
            try (HttpBackend backend = HttpBackend.at(arguments[0], HttpSettings.standard());
                    Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
                Run run = mlops.tracker().start(RunSpec.of("killed").id(arguments[1]));
                String key = NUMBERS + arguments[2];
                for (long number = 0; ; ) {
                    for (int i = 0; i < 1300; i++) {
                        run.metric(key, (double) number, number++);
                    }
                    if (!run.flush(Duration.ofSeconds(60))) {
                        throw new IllegalStateException("the flush was not acknowledged");
                    }
                    System.out.println(number);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Release.class)
    void whateverWasAcknowledgedIsThereOnce(Release release) throws Exception {
        try (StandIn server = StandIn.start(release)) {
            killOften(server, ROUNDS);
        }
    }

    @Test
    @NeedsServer(Release.V3_17)
    void soItIsOnARealServer(RealServer server) throws Exception {
        killOften(server, ROUNDS);
    }

    private static void killOften(TestServer server, int rounds) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RunId id = new RunId("job-" + UUID.randomUUID());
        long[] acknowledged = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            acknowledged[round] = killOnce(server, id, round, random.nextInt(200_000));
        }
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            // Nothing of the killed ones stands in the way of whoever ends it.
            mlops.tracker().resume(id).complete();
            String storeId = mlops.tracker().get(id).storeId();
            for (int round = 0; round < rounds; round++) {
                Acknowledged.assertThere(RawClient.of(server), storeId, NUMBERS + round, acknowledged[round]);
            }
        }
    }

    private static long killOnce(TestServer server, RunId id, int round, int micros) throws IOException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Working.class.getName(),
                        server.address(),
                        id.value(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
            long acknowledged = Long.parseLong(String.valueOf(output.readLine()));
            LockSupport.parkNanos(Duration.ofNanos(micros * 1000L).toNanos());
            // Not by itself, which would close what it printed.
            boolean unused = program.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                acknowledged = Long.parseLong(line);
            }
            return acknowledged;
        } finally {
            program.destroyForcibly().onExit().join();
        }
    }
}
