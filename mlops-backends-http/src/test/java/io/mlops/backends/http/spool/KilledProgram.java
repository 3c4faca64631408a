package io.mlops.backends.http.spool;

import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.nio.file.Path;
import java.time.Duration;

/** A program that records while the server is away, says what the spool has for sure, and waits to be killed. */
final class KilledProgram {
    static final int POINTS = 3000;

    private KilledProgram() {}

    /** Takes the folder of the spool. */
    public static void main(String[] args) throws Exception {
        Remote server = new Remote();
        server.down();
        Mlops mlops = Mlops.using(server, Spools.config(Path.of(args[0])));
        mlops.tracker().run(RunSpec.of("churn").id("ended"), run -> run.metric("loss", 1));
        Run open = mlops.tracker().start(RunSpec.of("churn").id("open"));
        for (int i = 0; i < POINTS; i++) {
            open.metric("loss", i, i);
        }
        open.artifacts().putText("report.txt", "half");
        // Nothing goes to the server, but all to the spool.
        boolean unused = open.flush(Duration.ofSeconds(3));
        System.out.println("ready");
        System.in.read();
    }
}
