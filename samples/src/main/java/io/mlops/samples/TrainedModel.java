package io.mlops.samples;

import io.mlops.api.common.RunId;

/** A model and the run that made it. */
record TrainedModel(RunId run, IncomeModel model) {}
