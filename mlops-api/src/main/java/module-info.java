/** The API that a program is written against: tracker, registry, artifacts, and the interfaces of a backend. */
module io.mlops.api {
    requires static transitive org.jspecify;

    exports io.mlops.api.artifact;
    exports io.mlops.api.common;
    exports io.mlops.api.registry;
    exports io.mlops.api.schema;
    exports io.mlops.api.spi;
    exports io.mlops.api.tracker;
}
