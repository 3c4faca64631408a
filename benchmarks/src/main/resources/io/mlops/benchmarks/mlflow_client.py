"""The tasks of MlflowComparison with MLflow's own Python client and its asynchronous logging.

Prints one line per task: its name and what it took, in nanoseconds, one number for each time it was done.
"""

import sys
import time

import mlflow
from mlflow.entities import ViewType


def timed(action):
    begin = time.perf_counter_ns()
    result = action()
    return time.perf_counter_ns() - begin, result


def show(task, nanos):
    print(task, *nanos)


def log_points(count):
    for i in range(count):
        mlflow.log_metric(f"metric{i % 4}", i * 0.1, step=i // 4, synchronous=False)
    mlflow.flush_async_logging()


def small_run(number, params, metrics):
    with mlflow.start_run():
        mlflow.log_params({f"param{i}": (number + i) % 10 for i in range(params)}, synchronous=False)
        mlflow.log_metrics({f"metric{i}": i + number * 0.001 for i in range(metrics)}, step=0, synchronous=False)
        mlflow.set_tag("team", "growth", synchronous=False)


def main(uri, experiment, history_run, points, runs, params, metrics, queries, reads):
    mlflow.set_tracking_uri(uri)
    client = mlflow.MlflowClient()
    mlflow.set_experiment("python")
    with mlflow.start_run():
        # The first ones open connections and start threads.
        log_points(100)
        show("points", [timed(lambda: log_points(int(points)))[0]])
    show("runs", [timed(lambda: small_run(i, int(params), int(metrics)))[0] for i in range(int(runs))])

    def search(number):
        where = f"metrics.metric1 >= {1 + number * 0.001} and params.param0 = '{number % 10}'"
        return client.search_runs([experiment], where, ViewType.ACTIVE_ONLY, 50, ["metrics.metric1 DESC"])

    search(0)
    show("search", [timed(lambda: search(i))[0] for i in range(int(queries))])
    client.get_metric_history(history_run, "metric0")
    show("history", [timed(lambda: client.get_metric_history(history_run, "metric0"))[0] for _ in range(int(reads))])


main(*sys.argv[1:])
