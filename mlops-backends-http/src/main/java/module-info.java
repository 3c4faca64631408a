/** Keeps everything on an MLflow server, over its REST protocol. */
module io.mlops.backends.http {
    requires transitive io.mlops.api;
    requires io.mlops.core;
    requires static org.jspecify;
    requires com.fasterxml.jackson.core;
    requires okhttp3;
    requires org.slf4j;

    exports io.mlops.backends.http;
    exports io.mlops.backends.http.config;

    provides io.mlops.api.spi.BackendProvider with
            io.mlops.backends.http.HttpProvider;
}
