package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Run;
import io.mlops.backends.fs.ChildJvm;
import io.mlops.backends.fs.FsBackend;
import io.mlops.backends.fs.peers.NeedsPeer;
import io.mlops.backends.fs.peers.Peer;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that as many syncs, links and renames as promised reach the system, in the promised order. */
@NeedsPeer(Peer.STRACE)
final class SystemCallsTest {
    private static final Pattern CALL = Pattern.compile("[0-9]+ +([a-z0-9]+)\\((.*)\\) += 0.*");
    private static final Pattern MARK = Pattern.compile("[0-9]+ +writev\\(.*iov_base=\"(.*)\\\\n\".*");

    @TempDir
    private Path folder;

    /** A program that uses a store step by step, and marks the beginning and the end of each step on its output. */
    static final class Working {
        public static void main(String[] args) {
            Path model = Path.of(args[1]);
            try (FsBackend store = FsBackend.at(Path.of(args[0]));
                    Mlops mlops = Mlops.using(store, MlopsConfig.standard().records(Set.of()))) {
                var first = mlops.registry().register(ModelSpec.of("churn", model));
                var unused = mlops.registry().move(AliasMove.of("churn@champion", first.id()));
                var experiment = mlops.tracker().experiments().ensure("churn");
                Answers.say("start");
                var created = store.runs()
                        .create(new RunDraft(new RunId("job-1"), experiment.name(), "", Instant.EPOCH, null, Map.of()));
                Answers.say(".");
                Run run = mlops.tracker().resume(created.id());
                run.metric("loss", 1);
                boolean durable = run.flush(Duration.ofSeconds(30));
                Answers.say("artifact");
                var entry = run.artifacts().putText("a.txt", "fine");
                Answers.say(".");
                run.metric("loss", 0.5);
                Answers.say("complete");
                run.complete();
                Answers.say(".");
                Answers.say("register");
                ModelVersion version = mlops.registry().register(ModelSpec.of("churn", model));
                Answers.say(".");
                Answers.say("move");
                var moved = mlops.registry().move(AliasMove.of("churn@champion", version.id()));
                Answers.say("." + durable + entry.path() + moved.move().name());
            }
        }
    }

    /** Returns the calls between each mark and the next, with names that are the same in each try. */
    private Map<String, List<String>> calls(Path trace) throws Exception {
        Map<String, List<String>> calls = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : Files.readAllLines(trace)) {
            Matcher mark = MARK.matcher(line);
            Matcher call = CALL.matcher(line);
            if (mark.matches()) {
                current = calls.computeIfAbsent(mark.group(1), name -> new ArrayList<>());
            } else if (call.matches()) {
                current.add(call.group(1) + " " + normal(call.group(2)));
            }
        }
        return calls;
    }

    private String normal(String arguments) {
        return arguments
                .replaceAll(".*[<\"]" + Pattern.quote(folder.resolve("store").toString()) + "/?([^>\"]*)[>\"]", "$1")
                .replaceAll("\\.staging/[^/]+/[0-9]+", "<staged>")
                .replaceAll("-[0-9a-f]+\\.tfevents", "-<writer>.tfevents");
    }

    /** Runs {@link Working} and returns its calls, by the marks of its steps. */
    private Map<String, List<String>> traced() throws Exception {
        Path trace = folder.resolve("trace");
        Path model = Files.writeString(folder.resolve("model.bin"), "weights");
        List<String> prefix =
                Strace.traced(trace, "?writev", Syscall.SYNC.names(), Syscall.RENAME.names(), Syscall.LINK.names());
        try (ChildJvm child = ChildJvm.start(
                prefix, System.getProperty("java.class.path"), Working.class, folder.resolve("store"), model)) {
            assertThat(child.lines()).endsWith(".truea.txtchurn");
            assertThat(child.exit()).isZero();
        }
        return calls(trace);
    }

    @Test
    void syncsAreAsManyAsPromisedAndEachBeforeWhatRestsOnIt() throws Exception {
        Map<String, List<String>> calls = traced();

        assertThat(calls.get("start"))
                .containsExactly(
                        "fdatasync <staged>", "link experiments/churn/job-1/run.json", "fsync experiments/churn");
        String run = "experiments/churn/job-1";
        assertThat(calls.get("complete"))
                .containsExactly(
                        "fdatasync " + run + "/metrics-000001-<writer>.tfevents",
                        "fdatasync <staged>",
                        "rename " + run + "/run.json",
                        "fsync " + run);
        assertThat(calls.get("artifact"))
                .containsExactly(
                        "fdatasync <staged>",
                        "rename " + run + "/artifacts/a.txt",
                        "fsync " + run,
                        "fsync " + run + "/artifacts",
                        "fdatasync <staged>",
                        "rename " + run + "/artifacts.json",
                        "fsync " + run);
        assertThat(calls.get("register"))
                .containsExactly(
                        "fdatasync <staged>/MLmodel",
                        "fdatasync <staged>/model.bin",
                        "fdatasync <staged>/version.json",
                        "fsync <staged>",
                        "rename models/churn/2",
                        "fsync models/churn");
        assertThat(calls.get("move"))
                .containsExactly(
                        "fsync models/churn",
                        "fdatasync <staged>",
                        "link registry/churn/aliases-00000002.json",
                        "fsync registry/churn");
    }
}
