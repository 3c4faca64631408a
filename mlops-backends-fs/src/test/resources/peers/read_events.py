"""Prints what TensorBoard's EventAccumulator reads from a run's folder: {tag: [[wall time, step, value], ...]}."""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def text(value):
    """A value as TensorBoard itself would send it; JSON has no NaN."""
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(value), str(value))


accumulator = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
accumulator.Reload()
tags = accumulator.Tags()["scalars"]
print(json.dumps({tag: [[e.wall_time, e.step, text(e.value)] for e in accumulator.Scalars(tag)] for tag in tags}))
