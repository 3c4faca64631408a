package io.mlops.benchmarks;

import io.mlops.api.common.Listing;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pages of searches in a store of many runs, and opening that store up to a first page in a fresh JVM of 64 MB, with an
 * index and without. The files are in the system's cache. Its main is that opening.
 */
final class SearchSpeed {
    private static final int PAGE = 50;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private SearchSpeed() {}

    /** In milliseconds; NaN for none. */
    private record Budgets(double page, double slowPage, double open, double openWithoutIndex) {}

    static void measure(Setting setting) throws Exception {
        measure(setting, setting.times(10_000, 150), new Budgets(5, 30, 150, 2000));
        measure(setting, setting.times(100_000, 300), new Budgets(50, Double.NaN, 600, 10_000));
    }

    private static void measure(Setting setting, int runs, Budgets budgets) throws Exception {
        Report report = setting.report();
        try (GeneratedStore store = new GeneratedStore(runs)) {
            Durations pages = search(store.address(), setting.times(300, 3));
            String search = "search." + runs + "-runs";
            report.line(search + ".count", pages.count(), "pages");
            report.atMost(budgets.page(), search + ".p50", pages.millis(50), "ms");
            report.atMost(budgets.slowPage(), search + ".p99", pages.millis(99), "ms");
            int rounds = setting.times(5, 1);
            String open = "open." + runs + "-runs";
            open(report, open, store, rounds, false, budgets.open());
            open(report, open + ".without-index", store, rounds, true, budgets.openWithoutIndex());
        }
    }

    private static Durations search(String address, int searches) {
        Durations pages = new Durations(2 * searches);
        try (Mlops mlops = Mlops.open(address)) {
            // To warm up.
            search(mlops, searches / 5 + 1, pages);
            pages.clear();
            search(mlops, searches, pages);
        }
        return pages;
    }

    /** Two pages of each search; fewer searches where they are slow. */
    private static void search(Mlops mlops, int searches, Durations pages) {
        long begin = System.nanoTime();
        for (int i = 0; i < searches && (i == 0 || System.nanoTime() - begin < LONGEST_NANOS); i++) {
            Listing<RunInfo> found = mlops.tracker().search(query(i));
            String next = page(found, null, pages);
            if (next != null) {
                String unused = page(found, next, pages);
            }
        }
    }

    private static @Nullable String page(Listing<RunInfo> found, @Nullable String token, Durations pages) {
        long begin = System.nanoTime();
        Page<RunInfo> page = found.page(new PageRequest(PAGE, token));
        pages.add(System.nanoTime() - begin);
        if (page.items().isEmpty()) {
            throw new IllegalStateException("nothing was found");
        }
        return page.next();
    }

    private static RunQuery query(int number) {
        RunQuery all = RunQuery.of(GeneratedStore.EXPERIMENT);
        return switch (number % 3) {
            case 0 ->
                all.where("metrics.metric1 > 0.0" + number + " AND params.param0 = '" + number % 10 + "'")
                        .orderBy("metrics.metric1 DESC");
            case 1 -> all.where("tags.stage = 'won'").orderBy("metrics.metric2");
            default -> all;
        };
    }

    private static void open(
            Report report, String name, GeneratedStore store, int rounds, boolean deleteIndex, double budget)
            throws IOException, InterruptedException {
        Durations times = new Durations(rounds);
        double heap = 0;
        long begin = System.nanoTime();
        for (int round = 0; round < rounds && (round == 0 || System.nanoTime() - begin < LONGEST_NANOS); round++) {
            if (deleteIndex) {
                store.deleteIndex();
            }
            List<String> said = Child.run(Child.java(List.of("-Xmx64m"), SearchSpeed.class, store.address()))
                    .output()
                    .lines()
                    .toList();
            times.add(Long.parseLong(said.get(0)));
            heap = Math.max(heap, Long.parseLong(said.get(1)) / 1e6);
        }
        report.atMost(budget, name + ".p50", times.millis(50), "ms");
        report.line(name + ".heap-after-collection", heap, "MB");
    }

    /** Opens the store, finds the newest runs, and prints how long that took and how much it left in the heap. */
    public static void main(String[] arguments) {
        long begin = System.nanoTime();
        try (Mlops mlops = Mlops.open(arguments[0])) {
            int found = mlops.tracker().search(query(2)).first(PAGE).size();
            System.out.println(System.nanoTime() - begin);
            if (found != PAGE) {
                throw new IllegalStateException("only " + found + " runs were found");
            }
            System.gc();
            System.out.println(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }
}
