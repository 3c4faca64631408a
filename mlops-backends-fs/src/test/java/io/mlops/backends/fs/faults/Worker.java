package io.mlops.backends.fs.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** A program that uses a store as its standard input tells it, and answers what came of each command. */
final class Worker {
    /** A configuration under which a run records nothing by itself, since that would fail at a time of its own. */
    private static final MlopsConfig PLAIN = MlopsConfig.standard().records(Set.of());

    static final RunId RUN = new RunId("job-1");
    static final RunId STRICT = new RunId("strict-1");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Mlops mlops;
    private final Run run;
    /** A run of a tracker that throws when recording fails. */
    private final Run strict;

    private final Path model;

    private Worker(Mlops mlops, Mlops throwing, Path model) {
        this.mlops = mlops;
        this.model = model;
        this.run = mlops.tracker().start(RunSpec.of("churn").id(RUN.value()));
        this.strict = throwing.tracker().start(RunSpec.of("churn").id(STRICT.value()));
    }

    /** Takes the folder of the store and the file of a model. */
    public static void main(String[] args) throws IOException {
        String store = "file:" + args[0];
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (Mlops mlops = Mlops.open(store, PLAIN);
                Mlops throwing = Mlops.open(store, PLAIN.failures(FailurePolicy.FAIL))) {
            Worker worker = new Worker(mlops, throwing, Path.of(args[1]));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                Answers.say(worker.answer(line));
            }
        }
        Answers.say("closed");
    }

    private String answer(String line) throws IOException {
        List<String> words = List.of(line.split(" ", -1));
        try {
            return words.size() == 1 ? answerOne(words.get(0)) : answer(words.get(0), words.get(1));
        } catch (MlopsException e) {
            return "failed " + e.getClass().getSimpleName() + " " + e.getMessage();
        }
    }

    private String answerOne(String word) {
        return switch (word) {
            case "strict" -> {
                strict.metric("n", 1);
                yield "" + strict.flush(LONG);
            }
            case "complete" -> {
                long begun = System.nanoTime();
                run.complete();
                yield "" + (System.nanoTime() - begun) / 1_000_000;
            }
            case "points" -> points();
            case "runs" -> "" + mlops.tracker().search(RunQuery.of()).stream().count();
            case "delivery" -> {
                Delivery delivery = mlops.delivery();
                yield "pending " + delivery.pending() + " lost " + delivery.lost() + " not durable "
                        + (delivery.accepted() - delivery.durable());
            }
            default -> throw new IllegalArgumentException(word);
        };
    }

    private String answer(String word, String argument) throws IOException {
        return switch (word) {
            case "record" -> record(Integer.parseInt(argument));
            case "param" -> {
                run.param(argument, "yes");
                yield "ok";
            }
            case "begin" -> {
                Run other = mlops.tracker().start(RunSpec.of("churn").id(argument));
                other.metric("n", 1);
                yield "ok";
            }
            case "flush" -> "" + mlops.flush(Duration.ofMillis(Long.parseLong(argument)));
            case "put" -> run.artifacts().putText(argument, argument).path().value();
            case "read" -> text(mlops.tracker().artifacts(RUN), argument);
            case "register" ->
                ""
                        + mlops.registry()
                                .register(ModelSpec.of("churn", model).key(argument))
                                .number();
            case "move" -> {
                var unused = mlops.registry().move(AliasMove.of("churn@champion", version(argument)));
                yield "ok";
            }
            case "tag" -> {
                mlops.registry().tag(version(argument), "stage", "old");
                yield "ok";
            }
            case "model" ->
                text(
                        mlops.registry().files(version(argument)),
                        model.getFileName().toString());
            case "champion" -> "" + mlops.registry().get(argument + "@champion").number();
            case "experiment" -> mlops.tracker().experiments().ensure(argument).name();
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static ModelVersionId version(String number) {
        return new ModelVersionId("churn", Integer.parseInt(number));
    }

    /** Records points and returns how long the longest call took, in milliseconds. */
    private String record(int points) {
        long longest = 0;
        for (int i = 0; i < points; i++) {
            long begun = System.nanoTime();
            run.metric("n", 1);
            longest = Math.max(longest, System.nanoTime() - begun);
        }
        return "" + longest / 1_000_000;
    }

    private String points() {
        long[] steps = mlops.tracker().history(RUN, "n").stream()
                .mapToLong(MetricPoint::step)
                .sorted()
                .toArray();
        boolean whole = LongStream.of(steps).distinct().count() == steps.length
                && (steps.length == 0 || steps[steps.length - 1] == steps.length - 1);
        return (whole ? "" : "with gaps or twice: ") + steps.length;
    }

    private static String text(Artifacts files, String path) throws IOException {
        try (InputStream in = files.open(path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
