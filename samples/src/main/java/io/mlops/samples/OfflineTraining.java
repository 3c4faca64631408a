package io.mlops.samples;

import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunInfo;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Trains while no MLflow server is there, starts one, and shows how what was recorded arrives. */
public final class OfflineTraining {
    private final String mlflow;
    private final Path folder;
    private final Wait untilRead;
    private final PrintStream out;

    /** What happens while the server runs. */
    interface Wait {
        /** Returns when it may stop. */
        int forKey() throws IOException;
    }

    OfflineTraining(String mlflow, Path folder, Wait untilRead, PrintStream out) {
        this.mlflow = mlflow;
        this.folder = folder;
        this.untilRead = untilRead;
        this.out = out;
    }

    /** Takes MLflow's program, such as {@code OfflineTraining venv/bin/mlflow}; else the one that the shell finds. */
    public static void main(String[] arguments) throws IOException {
        String mlflow = arguments.length == 0 ? "mlflow" : arguments[0];
        new OfflineTraining(mlflow, Path.of("").toAbsolutePath(), System.in::read, System.out).run();
    }

    void run() throws IOException {
        int port = freePort();
        String address = "http://127.0.0.1:" + port;
        MlopsConfig config = MlopsConfig.standard().spool(folder.resolve("mlops-spool"));
        try (Mlops mlops = Mlops.open(address, config)) {
            RunId id = train(mlops);
            out.println("trained, with no server at " + address + ": " + mlops.delivery());
            Process server = startServer(port);
            try {
                while (!mlops.flush(Duration.ofSeconds(10)) && server.isAlive()) {
                    out.println("not there yet: " + mlops.delivery());
                }
                out.println("the server has it: " + mlops.delivery());
                RunInfo run = mlops.tracker().get(id);
                String experiment =
                        mlops.tracker().experiments().get(run.experiment()).storeId();
                out.println(address + "/#/experiments/" + experiment + "/runs/" + run.storeId());
                out.println("Enter stops the server");
                int unused = untilRead.forKey();
            } finally {
                stop(server);
            }
        }
    }

    private static RunId train(Mlops mlops) {
        return mlops.tracker().run("offline", run -> {
            run.params(Map.of("rate", 0.5, "epochs", 200));
            double weight = 0;
            for (int epoch = 0; epoch < 200; epoch++) {
                weight -= 0.5 * (weight - 0.8) / (1 + epoch);
                run.metric("loss", (weight - 0.8) * (weight - 0.8), epoch);
            }
            run.artifacts().putText("weight.txt", Double.toString(weight));
        });
    }

    private Process startServer(int port) throws IOException {
        ProcessBuilder server = new ProcessBuilder(List.of(
                mlflow,
                "server",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--workers",
                "1",
                "--backend-store-uri",
                "sqlite:///" + folder.resolve("mlflow.db"),
                "--artifacts-destination",
                folder.resolve("mlflow-artifacts").toString()));
        // Nothing here needs the processes that it has for jobs.
        server.environment().putIfAbsent("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
        return server.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mlflow.log").toFile())
                .start();
    }

    private static void stop(Process server) {
        List<ProcessHandle> workers = server.descendants().toList();
        server.destroy();
        workers.forEach(ProcessHandle::destroy);
        server.onExit().join();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
