"""Prints what MLflow makes of a model folder, as JSON; run by a test with the folder and what to do with it."""

import json
import sys

import mlflow
import numpy
from mlflow.models import Model

folder, what = sys.argv[1:]
if what == "describe":
    model = Model.load(folder)
    signature = model.signature
    answer = {
        "flavors": model.flavors,
        "bytes": model.model_size_bytes,
        "inputs": signature.inputs.to_dict() if signature else None,
        "outputs": signature.outputs.to_dict() if signature else None,
    }
elif what == "onnx":
    answer = {"nodes": [node.op_type for node in mlflow.onnx.load_model(folder).graph.node]}
elif what == "predict":
    rows = numpy.array([[1, 2], [3, 4]], dtype=numpy.float32)
    prediction = mlflow.pyfunc.load_model(folder).predict({"x": rows})
    answer = {name: numpy.asarray(values).tolist() for name, values in prediction.items()}
print(json.dumps(answer))
