"""Prints what MLflow's client for Python reads of a run and a model that Java recorded, then records the same itself and
prints where, as JSON; run by a test with the address, the run and the model."""

import json
import os
import sys

address, run_id, model_name, work = sys.argv[1:]
os.environ["MLFLOW_TRACKING_URI"] = address

import mlflow
import mlflow.onnx
import numpy
import onnx
from mlflow.data.meta_dataset import MetaDataset
from mlflow.data.http_dataset_source import HTTPDatasetSource

client = mlflow.MlflowClient(tracking_uri=address, registry_uri=address)
rows = numpy.array([[1, 2], [3, 4]], dtype=numpy.float32)


def files(path=None):
    found = []
    for entry in client.list_artifacts(run_id, path):
        found += files(entry.path) if entry.is_dir else [entry.path]
    return sorted(found)


def text(path):
    with open(client.download_artifacts(run_id, path, work), encoding="utf-8") as file:
        return file.read()


def read():
    run = client.get_run(run_id)
    experiment = run.info.experiment_id
    children = client.search_runs([experiment], f"tags.`mlflow.parentRunId` = '{run_id}'")
    version = client.get_model_version_by_alias(model_name, "champion")
    predicted = mlflow.pyfunc.load_model(f"models:/{model_name}@champion").predict({"x": rows})
    shown = [path for path in files() if not path.startswith(".mlops")]
    return {
        "name": run.info.run_name,
        "status": run.info.status,
        "params": run.data.params,
        "tags": run.data.tags,
        "history": {
            key: [[point.step, repr(float(point.value))] for point in client.get_metric_history(run_id, key)]
            for key in run.data.metrics
        },
        "children": [[child.info.run_name, child.data.metrics] for child in children],
        "inputs": [
            [each.dataset.name, each.dataset.digest, {tag.key: tag.value for tag in each.tags}]
            for each in run.inputs.dataset_inputs
        ],
        "artifacts": {path: text(path) for path in shown},
        "version": [version.version, version.run_id, version.description, version.tags],
        "prediction": numpy.asarray(predicted["y"]).tolist(),
        "best": [found.info.run_id for found in client.search_runs([experiment], order_by=["metrics.auc DESC"])][0],
    }


def record():
    experiment = mlflow.set_experiment("python größe")
    adder = onnx.load(mlflow.artifacts.download_artifacts(f"models:/{model_name}@champion/adder.onnx", dst_path=work))
    with mlflow.start_run(run_name="by Python", tags={"team": "a b/ü"}, description="a **note**") as run:
        mlflow.log_params({"rate": 0.1, "text": "größe\n"})
        for step in range(1200):
            mlflow.log_metric("loss", 1 / (step + 1), step=step, synchronous=False)
        mlflow.flush_async_logging()
        for step, value in enumerate([float("nan"), float("inf"), float("-inf"), 0.5]):
            mlflow.log_metric("odd", value, step=step)
        mlflow.log_input(MetaDataset(HTTPDatasetSource("http://127.0.0.1/c.csv"), name="customers"), context="training")
        mlflow.log_text("größe", "reports/größe 1%.txt")
        with mlflow.start_run(run_name="fold 1", nested=True):
            mlflow.log_metric("auc", 0.7)
        info = mlflow.onnx.log_model(adder, name="adder", registered_model_name=model_name + "-python")
    client.set_registered_model_alias(model_name + "-python", "champion", info.registered_model_version)
    client.set_model_version_tag(model_name + "-python", str(info.registered_model_version), "checked", "yes")
    try:
        with mlflow.start_run(run_name="fails") as failed:
            raise ValueError("as a test")
    except ValueError:
        pass
    return {"run": run.info.run_id, "failed": failed.info.run_id, "experiment": experiment.name}


print(json.dumps({"read": read(), "recorded": record()}))
