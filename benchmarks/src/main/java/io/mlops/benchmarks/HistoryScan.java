package io.mlops.benchmarks;

import io.mlops.api.common.Listing;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;

/** Reading one metric of four back: the first page has to look at every point, the rest go on from there. */
final class HistoryScan {
    private HistoryScan() {}

    static void measure(Setting setting) throws Exception {
        int points = setting.times(4_000_000, 200_000);
        int rounds = setting.times(5, 1);
        try (TemporaryStore store = new TemporaryStore()) {
            Run run = store.startRun();
            TemporaryStore.record(run, points);
            run.complete();
            Listing<MetricPoint> history = store.mlops().tracker().history(run.id(), TemporaryStore.KEYS.get(0));
            Durations first = new Durations(rounds);
            Durations all = new Durations(rounds);
            // The first round warms up.
            for (int round = 0; round <= rounds; round++) {
                long begin = System.nanoTime();
                int found = history.page(PageRequest.first(1000)).items().size();
                long paged = System.nanoTime();
                long returned = history.stream().count();
                long end = System.nanoTime();
                if (found != 1000 || returned != points / 4) {
                    throw new IllegalStateException(returned + " of " + points / 4 + " points came back");
                }
                if (round > 0) {
                    first.add(paged - begin);
                    all.add(end - paged);
                }
            }
            Report report = setting.report();
            report.atLeast(15e6, "history.first-page.scanned", points * 1e9 / first.nanos(50), "points/s");
            report.line("history.all-pages.returned", points / 4.0 * 1e9 / all.nanos(50), "points/s");
        }
    }
}
