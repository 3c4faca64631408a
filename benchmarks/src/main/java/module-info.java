/** Measures the library; run as a jar, never a dependency. */
@SuppressWarnings("requires-automatic") // JMH and MLflow have no module descriptors
module io.mlops.benchmarks {
    requires io.mlops.api;
    requires io.mlops.backends.fs;
    requires io.mlops.backends.http;
    requires io.mlops.core;
    requires java.net.http;
    requires jdk.management;
    requires jmh.core;
    requires mlflow.client;
    requires static org.jspecify;
}
