"""Makes runs in a database of MLflow's and searches for them; run by a test with the database, and runs and searches as
JSON. Prints the numbers of the runs that each search finds, or what it says to it."""

import json
import logging
import sys

from mlflow.tracking import MlflowClient

logging.disable(logging.WARNING)
database, questions = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8"))
client = MlflowClient("sqlite:///" + database)
experiment = client.create_experiment("churn")
numbers = {}
for number, run in enumerate(questions["runs"]):
    made = client.create_run(experiment, start_time=run["start"], run_name=run["name"]).info.run_id
    numbers[made] = number
    for key, value in run["params"].items():
        client.log_param(made, key, value)
    for key, value in run["tags"].items():
        client.set_tag(made, key, value)
    for key, values in run["metrics"].items():
        for value in values:
            client.log_metric(made, key, float(value), timestamp=1, step=0)


def found(search):
    try:
        runs = client.search_runs([experiment], search["filter"], order_by=search["order"], max_results=1000)
        return [numbers[run.info.run_id] for run in runs]
    except Exception as refusal:
        return "refused: " + str(refusal).splitlines()[0]


print(json.dumps([found(search) for search in questions["searches"]]))
