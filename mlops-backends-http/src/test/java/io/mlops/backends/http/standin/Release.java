package io.mlops.backends.http.standin;

/** A version of MLflow's server, whose behaviour the stand-in shows. */
public enum Release {
    V2_9("2.9.2"),
    V2_22("2.22.5"),
    V3_17("3.17.2");

    private final String number;

    Release(String number) {
        this.number = number;
    }

    /** Returns what {@code /version} answers. */
    public String number() {
        return number;
    }

    boolean three() {
        return this == V3_17;
    }

    /** Whether a run of all tests must have it; the oldest is tried by whoever has it. */
    boolean required() {
        return this != V2_9;
    }

    /** How long the value of a run's tag may be; what is longer is cut from 2.11 on. */
    int longestTag() {
        return this == V2_9 ? 5000 : 8000;
    }

    int longestExperimentName() {
        return this == V2_9 ? Integer.MAX_VALUE : 500;
    }

    int longestExperimentTag() {
        return three() ? 20_000 : 5000;
    }

    int longestModelTag() {
        return three() ? 100_000 : 5000;
    }

    boolean cutsLongValues() {
        return this != V2_9;
    }
}
