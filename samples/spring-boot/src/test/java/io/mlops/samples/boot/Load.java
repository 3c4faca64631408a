package io.mlops.samples.boot;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask one question after the other, each another one, until nobody listens any more. */
final class Load {
    private static final int CLIENTS = 6;

    private final int port;
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicInteger questions = new AtomicInteger();
    private final CountDownLatch under = new CountDownLatch(200);
    /** Guarded by this list, as the next one by itself. */
    private final List<Http.Answer> answers = new ArrayList<>();
    /** Connections that were cut before an answer. */
    private final AtomicInteger cut = new AtomicInteger();

    Load(int port) {
        this.port = port;
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(this::ask);
        }
    }

    private void ask() {
        while (true) {
            try {
                Http.Answer answer = Http.get(port, "/score?visits=0&age=" + questions.incrementAndGet() / 1_000_000.0);
                if (answer.status() == 0) {
                    cut.incrementAndGet();
                } else {
                    synchronized (answers) {
                        answers.add(answer);
                    }
                }
                under.countDown();
            } catch (ConnectException nobodyListens) {
                return;
            } catch (IOException e) {
                cut.incrementAndGet();
            }
        }
    }

    /** Waits until some hundred answers have come. */
    void awaitAnswers() throws InterruptedException {
        if (!under.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("no 200 answers within 30 s");
        }
    }

    /** Waits until nobody listens any more. */
    void awaitRefusal() throws InterruptedException {
        clients.shutdown();
        if (!clients.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new AssertionError("somebody still listens after 30 s");
        }
    }

    List<Http.Answer> answers() {
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }

    int cut() {
        return cut.get();
    }
}
