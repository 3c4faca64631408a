package io.mlops.samples;

/** What two training runs may differ in; a run records each component as a param. */
record Settings(int epochs, double learningRate) {}
