package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.Capability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The common part of the suites of the stores: the backend of this test, names that people give things, races. */
abstract class StoreSuite {
    /** A time that every test uses, to the millisecond. */
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

    /** Names that must round-trip, stay inside the store and never collide, on any file system. */
    static final List<String> ODD_NAMES = List.of(
            "churn",
            "Churn",
            "CHURN",
            "churn.",
            "churn ",
            " churn",
            "..",
            ".",
            ".hidden",
            "../../etc/passwd",
            "/etc/passwd",
            "a/b",
            "a\\b",
            "C:\\temp",
            "con",
            "CON",
            "aux.txt",
            "nul",
            "-rf",
            "~",
            "%2e%2e",
            "a:b",
            "a@b",
            "a#b",
            "a@b/7",
            "a*b?\"<>|",
            "größe",
            "gro\u0308ße",
            "日本語",
            "نموذج",
            "😀",
            "events.out.tfevents.1",
            "x".repeat(300),
            "X".repeat(300),
            "ü".repeat(300));

    /** The contract that this suite is part of, which opens and closes the backend. */
    abstract ProgramContract contract();

    /** The backend under test. */
    final Backend backend() {
        return contract().backend();
    }

    /** Whether the backend keeps this promise in full. */
    final boolean promises(Capability capability) {
        return backend().info().capabilities().contains(capability);
    }

    /** All results of a paged answer, by pages of this size. */
    static <T> List<T> all(Function<PageRequest, Page<T>> pages, int limit) {
        List<T> found = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        Page<T> page = pages.apply(PageRequest.first(limit));
        found.addAll(page.items());
        while (page.next() != null) {
            assertThat(tokens.add(page.next())).as("a token must not repeat").isTrue();
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            page = pages.apply(new PageRequest(limit, page.next()));
            found.addAll(page.items());
        }
        return found;
    }

    /** Runs the task on this many threads, which start together; gives all results, or throws the first failure. */
    static <T> List<T> race(int threads, Function<Integer, T> task) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier start = new CyclicBarrier(threads);
        try {
            List<Callable<T>> racers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int racer = i;
                racers.add(() -> {
                    start.await();
                    return task.apply(racer);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : pool.invokeAll(racers)) {
                results.add(result.get());
            }
            return results;
        } catch (Exception e) {
            throw new AssertionError("a racer failed", e);
        } finally {
            pool.shutdownNow();
        }
    }
}
