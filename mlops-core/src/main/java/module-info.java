/** The implementation of the API over any backend, and the memory backend. */
@SuppressWarnings("module") // the backends that may use codec, disk and mlflow are built after this
module io.mlops.core {
    requires transitive io.mlops.api;
    requires static org.jspecify;
    requires java.management;
    requires com.fasterxml.jackson.core;
    requires org.slf4j;

    exports io.mlops.core;
    exports io.mlops.core.config;
    exports io.mlops.core.memory;
    exports io.mlops.core.query;
    exports io.mlops.core.codec to
            io.mlops.backends.fs,
            io.mlops.backends.http;
    exports io.mlops.core.disk to
            io.mlops.backends.fs,
            io.mlops.backends.http;
    exports io.mlops.core.delivery to
            io.mlops.backends.http;
    exports io.mlops.core.mlflow to
            io.mlops.backends.fs,
            io.mlops.backends.http;

    uses io.mlops.api.spi.BackendProvider;
}
