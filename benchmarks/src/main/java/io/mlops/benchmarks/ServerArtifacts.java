package io.mlops.benchmarks;

import io.mlops.api.common.FailurePolicy;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A large artifact brought to MLflow's server and fetched again, verified, against {@code curl} and {@code sha256sum}. */
final class ServerArtifacts {
    private ServerArtifacts() {}

    static void measure(Setting setting, String uri, Path folder) throws Exception {
        int megabytes = setting.times(100, 5);
        int rounds = setting.times(5, 1);
        byte[] bytes = new byte[megabytes * 1_000_000];
        new Random(7).nextBytes(bytes);
        Path file = Files.write(folder.resolve("large.bin"), bytes);
        Durations put = new Durations(rounds + 1);
        Durations putByTools = new Durations(rounds + 1);
        Durations download = new Durations(rounds + 1);
        Durations downloadByTools = new Durations(rounds + 1);
        try (HttpBackend backend = HttpBackend.at(uri, HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, MlopsConfig.standard().failures(FailurePolicy.DROP));
                Run run = mlops.tracker().start(RunSpec.of("artifacts"))) {
            for (int round = -1; round < rounds; round++) {
                if (round == 0) {
                    List.of(put, putByTools, download, downloadByTools).forEach(Durations::clear);
                }
                String name = "large" + round + ".bin";
                String address = uri + "/api/2.0/mlflow-artifacts/artifacts/by-curl/" + name;
                long begin = System.nanoTime();
                run.artifacts().put(name, file);
                put.add(System.nanoTime() - begin);
                putByTools.add(curl("-T", file.toString(), address) + digest(file));
                begin = System.nanoTime();
                Path fetched = run.artifacts().download(name, folder.resolve("fetched"));
                download.add(System.nanoTime() - begin);
                downloadByTools.add(curl("-o", fetched.toString(), address) + digest(fetched));
                Files.delete(fetched);
            }
        }
        print(setting.report(), "http.artifact-put", megabytes, put, putByTools);
        print(setting.report(), "http.artifact-download", megabytes, download, downloadByTools);
    }

    private static long curl(String... arguments) throws IOException, InterruptedException {
        return Child.run(Child.command(List.of("curl", "--silent", "--fail"), arguments))
                .nanos();
    }

    private static long digest(Path file) throws IOException, InterruptedException {
        return Child.run(List.of("sha256sum", file.toString())).nanos();
    }

    private static void print(Report report, String name, int megabytes, Durations ours, Durations byTools) {
        report.line(name + ".rate", megabytes * 1e9 / ours.nanos(50), "MB/s");
        report.atLeast(0.8, name + ".to-curl-and-sha256sum", byTools.nanos(50) / ours.nanos(50), "ratio");
    }
}
