package io.mlops.samples;

/** The settings in which two training runs may differ; a run records each component as a param. */
record Settings(int epochs, double learningRate) {}
