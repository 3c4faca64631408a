package io.mlops.benchmarks;

/**
 * The everyday tasks that {@link MlflowComparison} gives to everybody, and how often: points into one run, small runs
 * from start to durable end, searches over those, and reading one metric of another run whole.
 *
 * @param params how many each small run has, beside one tag
 * @param metrics how many each small run has, one point each
 * @param searches how many, each with a filter of its own; at most as many as runs
 * @param longHistory how many points the run has whose history is read
 */
record Workload(int points, int runs, int params, int metrics, int searches, int longHistory, int reads) {
    /** The greatest number of runs that a search returns. */
    static final int BEST = 50;

    static final String ORDER = "metrics.metric1 DESC";
    static final String TAG = "team";
    static final String TAG_VALUE = "growth";

    static Workload of(Setting setting) {
        return setting.quick()
                ? new Workload(2000, 10, 10, 5, 3, 2000, 1)
                : new Workload(100_000, 1000, 10, 5, 100, 25_000, 3);
    }

    /** For those who need milliseconds for a single point. */
    Workload slow() {
        return new Workload(
                Math.max(1, points / 100), Math.max(1, runs / 10), params, metrics, searches, longHistory, reads);
    }

    static String param(int run, int number) {
        return Integer.toString((run + number) % 10);
    }

    static double metric(int run, int number) {
        return number + run * 0.001;
    }

    /** A tenth of the runs match, less those before the one of this number. {@code mlflow_client.py} says the same. */
    static String filter(int run) {
        return "metrics.metric1 >= " + metric(run, 1) + " AND params.param0 = '" + param(run, 0) + "'";
    }
}
