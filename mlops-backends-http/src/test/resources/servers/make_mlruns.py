"""Makes a folder mlruns as MLflow's clients did for years, and has MLflow bring it into a database beside it."""

import os
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore")
folder = sys.argv[1]
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
from mlflow.tracking import MlflowClient

client = MlflowClient("file:" + os.path.join(folder, "mlruns"))
experiment = client.create_experiment("churn")
sweep = client.create_run(experiment, start_time=1600000000123, run_name="sweep").info.run_id
nested = {"mlflow.parentRunId": sweep, "team": "growth"}
trial = client.create_run(experiment, start_time=1600000001123, run_name="trial", tags=nested).info.run_id
client.log_param(trial, "trees", 200)
for step in range(30):
    client.log_metric(trial, "loss", 1 / (step + 1), timestamp=1600000002000 + step, step=step)
client.log_text(trial, "<p>", "reports/report.html")
client.set_terminated(trial, "FAILED", end_time=1600000009000)
client.set_terminated(sweep, "FINISHED", end_time=1600000010000)
database = "sqlite:///" + os.path.join(folder, "mlflow.db")
migration = [sys.executable, "-m", "mlflow", "migrate-filestore", "--source", folder, "--target", database]
subprocess.run(migration, check=True, stdout=subprocess.DEVNULL)
print(sweep, trial)
