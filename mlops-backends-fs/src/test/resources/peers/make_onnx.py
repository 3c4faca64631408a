"""Writes an ONNX model that adds 1 and 2 to two columns; its weights go into a file beside it if one is named."""

import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])
y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 2])
weights = numpy_helper.from_array(numpy.array([1, 2], dtype=numpy.float32), "weights")
graph = helper.make_graph([helper.make_node("Add", ["x", "weights"], ["y"])], "adder", [x], [y], [weights])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
if len(sys.argv) > 2:
    onnx.save(model, sys.argv[1], save_as_external_data=True, location=sys.argv[2], size_threshold=0)
else:
    onnx.save(model, sys.argv[1])
