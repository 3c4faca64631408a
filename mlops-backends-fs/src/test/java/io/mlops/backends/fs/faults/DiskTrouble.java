package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.fs.ChildJvm;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A trial of a process whose disk goes wrong for a while: meanwhile it is told so and can read, and afterwards all
 * works and nothing recorded is lost.
 */
final class DiskTrouble {
    /** A fault of the disk, which lasts until it is closed. */
    @FunctionalInterface
    interface Fault {
        AutoCloseable begin(long pid) throws Exception;
    }

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Path store;
    private final ChildJvm child;

    /**
     * Makes a trial that has not begun.
     *
     * @param child the process, a {@link Worker}
     */
    DiskTrouble(Path store, ChildJvm child) {
        this.store = store;
        this.child = child;
    }

    /**
     * Runs the trial from beginning to end.
     *
     * @param reason a part of each message
     */
    void survive(Fault fault, String exception, String reason) throws Exception {
        before();
        try (AutoCloseable wrong = fault.begin(child.pid())) {
            assertThat(wrong).isNotNull();
            recordingGoesOn();
            whatIsToBeStoredAtOnceFails(exception, reason);
            whatIsThereCanBeRead();
        }
        after();
        child.endInput();
        assertThat(child.lines()).containsExactly("closed");
        nothingIsLeft();
    }

    private void expect(String command, String answer) throws IOException {
        assertThat(ask(command)).as(command).isEqualTo(answer);
    }

    String ask(String command) throws IOException {
        child.tell(command);
        String answer = child.line();
        if (answer == null) {
            throw new AssertionError("the child ended when it was told to " + command);
        }
        return answer;
    }

    private void before() throws IOException {
        expect("put old.txt", "old.txt");
        assertThat(ask("record 1000")).isNotNull();
        expect("flush 30000", "true");
        expect("register first", "1");
        expect("move 1", "ok");
        expect("strict", "true");
    }

    private void recordingGoesOn() throws IOException {
        assertThat(ask("record 1000")).matches("[0-9]+");
        expect("param late", "ok");
        expect("begin job-2", "ok");
        expect("flush 1000", "false");
        assertThat(ask("delivery")).matches("pending [1-9][0-9]* lost 0 .*|pending 0 lost 0 not durable [1-9][0-9]*");
    }

    private void whatIsToBeStoredAtOnceFails(String exception, String reason) throws IOException {
        for (String command :
                List.of("put new.txt", "register second", "move 1", "tag 1", "experiment other", "strict")) {
            assertThat(ask(command))
                    .as(command)
                    .startsWith("failed " + exception + " ")
                    .contains(reason, store.toString());
        }
    }

    private void whatIsThereCanBeRead() throws IOException {
        assertThat(ask("points")).matches("1[0-9]{3}|2000");
        expect("read old.txt", "old.txt");
        expect("model 1", "weights");
        assertThat(ask("runs")).matches("[23]");
        assertThat(ask("read new.txt")).startsWith("failed NotFoundException");
        assertThat(ask("model 2")).startsWith("failed NotFoundException");
    }

    private void after() throws IOException {
        expect("flush 30000", "true");
        expect("delivery", "pending 0 lost 0 not durable 0");
        expect("points", "2000");
        expect("put new.txt", "new.txt");
        expect("register second", "2");
        expect("move 2", "ok");
        expect("tag 1", "ok");
        expect("experiment other", "other");
        // The tracker throws until its own next try has found that the store works.
        await().atMost(LONG).until(() -> ask("strict").equals("true"));
        assertThat(ask("complete")).matches("[0-9]+");
    }

    private void nothingIsLeft() throws IOException {
        try (Mlops mlops = Mlops.open("file:" + store)) {
            assertThat(mlops.tracker().get(Worker.RUN).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.tracker().get(Worker.RUN).params()).containsEntry("late", "yes");
            assertThat(mlops.tracker()
                            .get(Worker.RUN)
                            .metrics()
                            .get("n")
                            .range()
                            .count())
                    .isEqualTo(2000);
            assertThat(mlops.tracker().history(Worker.RUN, "n").stream()).hasSize(2000);
            assertThat(mlops.registry().versions("churn").stream().map(ModelVersion::number))
                    .containsExactly(2, 1);
            assertThat(mlops.registry().get("churn@champion").number()).isEqualTo(2);
        }
        for (String folder : List.of(".staging", ".live")) {
            try (Stream<Path> files = Files.list(store.resolve(folder))) {
                assertThat(files).isEmpty();
            }
        }
    }
}
