package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that stands still, stopped or hung, costs the others no more than a message that names it. */
final class HungProcessTest {
    private static final RunId ID = new RunId("job-1");
    /** The store's patience is 10 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private Path root;

    /** A disk on which one kind of step stands still until a line comes on standard input. */
    private static final class StandingDisk extends Disk {
        private final String name;

        StandingDisk(String name) {
            this.name = name;
        }

        private void stand(Path target) throws IOException {
            if (target.getFileName().toString().startsWith(name)) {
                System.out.println("standing");
                int unused = System.in.read();
            }
        }

        @Override
        public void replace(Path staged, Path target) throws IOException {
            stand(target);
            super.replace(staged, target);
        }

        @Override
        public boolean claimFile(Path staged, Path target) throws IOException {
            stand(target);
            return super.claimFile(staged, target);
        }
    }

    /** Tags the run, and stands still under the run's lock, before its document is replaced. */
    static final class Tagging {
        public static void main(String[] args) {
            try (FsBackend store = FsBackend.at(Path.of(args[0]), new StandingDisk("run.json"))) {
                store.runs().change(ID, List.of(new RunFact.Tagged("by", "child")));
                System.out.println("tagged");
            }
        }
    }

    /** Moves an alias from version 1 to 2, and stands still between the look and the move. */
    static final class Moving {
        public static void main(String[] args) {
            try (FsBackend backend = FsBackend.at(Path.of(args[0]), new StandingDisk("aliases-"));
                    Mlops mlops = Mlops.using(backend)) {
                AliasMove move =
                        AliasMove.of("churn@champion", 2).because("child").expecting(1);
                if (args[1].equals("unguarded")) {
                    move = AliasMove.of("churn@champion", 2).because("child");
                }
                mlops.registry().move(move);
                System.out.println("moved");
            } catch (ConflictException e) {
                System.out.println("conflict " + e.getMessage());
            }
        }
    }

    @BeforeEach
    void makeRunAndModel() throws IOException {
        root = folder.resolve("store");
        Path model = Files.writeString(folder.resolve("model"), "weights");
        try (Mlops mlops = Mlops.open("file:" + root, MlopsConfig.standard().records(Set.of()))) {
            try (Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()))) {
                run.complete();
            }
            for (int i = 0; i < 3; i++) {
                var unused = mlops.registry().register(ModelSpec.of("churn", model));
            }
            mlops.registry().move(AliasMove.of("churn@champion", 1).because("first"));
        }
    }

    @Test
    void aHungHolderOfARunIsNamedAndAllElseGoesOn() throws Exception {
        try (ChildJvm child = ChildJvm.start(Tagging.class, root);
                Mlops mlops = Mlops.open("file:" + root)) {
            child.awaitLine("standing");
            child.signal("STOP");

            long began = System.nanoTime();
            assertThatThrownBy(() -> mlops.tracker().change(ID, new RunFact.Tagged("by", "me")))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContainingAll(
                            "run " + ID,
                            "pid " + child.pid(),
                            Host.current().name(),
                            root.resolve("store.lock").toString(),
                            "end that process");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
            assertThat(mlops.tracker().get(ID).tags())
                    .as("reading needs no lock")
                    .isEmpty();
            mlops.registry().move(AliasMove.of("churn@champion", 3));
            assertThat(mlops.tracker()
                            .get(mlops.tracker().run("churn", run -> run.tag("by", "me")))
                            .tags())
                    .containsEntry("by", "me");

            child.signal("CONT");
            child.tell("");
            child.awaitLine("tagged");
            assertThat(child.exit()).isZero();
            mlops.tracker().change(ID, new RunFact.Tagged("seen", "yes"));
            assertThat(mlops.tracker().get(ID).tags()).isEqualTo(Map.of("by", "child", "seen", "yes"));
        }
    }

    @Test
    void aMoverThatWasStoppedMeanwhileIsToldOfTheConflict() throws Exception {
        try (ChildJvm child = ChildJvm.start(Moving.class, root, "guarded");
                Mlops mlops = Mlops.open("file:" + root)) {
            child.awaitLine("standing");
            child.signal("STOP");
            mlops.registry().move(AliasMove.of("churn@champion", 3).because("me"));
            child.signal("CONT");
            child.tell("");

            assertThat(child.line()).startsWith("conflict").contains("churn@champion");
            assertThat(child.exit()).isZero();
            assertThat(mlops.registry().get("churn@champion").number()).isEqualTo(3);
            assertThat(reasons(mlops)).containsExactlyInAnyOrder("first", "me");
        }
    }

    @Test
    void anUnguardedMoverThatWasStoppedMovesAfterAllAndHidesNoMove() throws Exception {
        try (ChildJvm child = ChildJvm.start(Moving.class, root, "unguarded");
                Mlops mlops = Mlops.open("file:" + root)) {
            child.awaitLine("standing");
            child.signal("STOP");
            mlops.registry().move(AliasMove.of("churn@champion", 3).because("me"));
            mlops.registry().move(AliasMove.of("churn@other", 1).because("me, too"));
            child.signal("CONT");
            child.tell("");
            child.awaitLine("standing");
            child.tell("");

            child.awaitLine("moved");
            assertThat(mlops.registry().findModel("churn").orElseThrow().aliases())
                    .isEqualTo(Map.of("champion", 2, "other", 1));
            assertThat(reasons(mlops)).containsExactlyInAnyOrder("first", "me", "me, too", "child");
        }
    }

    private static List<String> reasons(Mlops mlops) {
        return mlops.registry().history("churn").stream()
                .map(AliasEvent::move)
                .map(AliasMove::reason)
                .toList();
    }
}
