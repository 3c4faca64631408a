package io.mlops.samples.boot;

/** What the model knows of a customer. */
public record Customer(double age, double visits) {}
